package io.chasqui.core.security;

import io.chasqui.core.definition.TopicPermissionDefinition;
import org.jspecify.annotations.Nullable;

/** Which routing keys a user may use on a topic exchange, ready to be asked. Immutable. */
public final class TopicPermission {

    private final TopicPermissionDefinition definition;
    private final @Nullable NamePattern write;
    private final @Nullable NamePattern read;

    private TopicPermission(
            TopicPermissionDefinition definition,
            @Nullable NamePattern write,
            @Nullable NamePattern read) {
        this.definition = definition;
        this.write = write;
        this.read = read;
    }

    /**
     * @throws InvalidPatternException if one of its expressions is none once the names are put in
     */
    public TopicPermission(String vhost, TopicPermissionDefinition definition)
            throws InvalidPatternException {
        this(
                definition,
                pattern(definition.write(), vhost, definition.user()),
                pattern(definition.read(), vhost, definition.user()));
    }

    /** One that allows no key at all. */
    static TopicPermission nothing(TopicPermissionDefinition definition) {
        return new TopicPermission(definition, null, null);
    }

    /** As in RabbitMQ the names are put in as they are, whatever they mean in an expression. */
    private static NamePattern pattern(String text, String vhost, String user)
            throws InvalidPatternException {
        String named = text.replace("{username}", user).replace("{vhost}", vhost);
        // As a topic's, unlike as a name's, the empty expression allows the empty key.
        return NamePattern.of(named.isEmpty() ? "^$" : named);
    }

    public TopicPermissionDefinition definition() {
        return definition;
    }

    boolean allowsWrite(String routingKey) {
        return write != null && write.isIn(routingKey);
    }

    boolean allowsRead(String routingKey) {
        return read != null && read.isIn(routingKey);
    }
}
