package io.chasqui.core.security;

import io.chasqui.core.definition.PermissionDefinition;

/** What a user may do in a virtual host, ready to be asked. Immutable. */
public final class Permission {

    private final PermissionDefinition definition;
    private final NamePattern configure;
    private final NamePattern write;
    private final NamePattern read;

    /**
     * @throws InvalidPatternException if one of its expressions is none
     */
    public Permission(PermissionDefinition definition) throws InvalidPatternException {
        this.definition = definition;
        this.configure = NamePattern.of(definition.configure());
        this.write = NamePattern.of(definition.write());
        this.read = NamePattern.of(definition.read());
    }

    public PermissionDefinition definition() {
        return definition;
    }

    /** Whether it allows that on the thing of this name. */
    boolean allows(Right right, String name) {
        return switch (right) {
            case CONFIGURE -> configure.isIn(name);
            case WRITE -> write.isIn(name);
            case READ -> read.isIn(name);
        };
    }
}
