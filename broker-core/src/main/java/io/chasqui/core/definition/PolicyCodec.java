package io.chasqui.core.definition;

import java.util.ArrayList;
import java.util.List;

/** Policies, parameters, limits and descriptions as octets; {@link DefinitionCodec} draws them. */
final class PolicyCodec {

    private PolicyCodec() {}

    static void writePolicy(DefinitionWriter out, PolicyDefinition policy) {
        writeKind(out, policy.kind());
        out.text(policy.name());
        out.text(policy.pattern());
        out.text(policy.applyTo().wireName());
        out.int64(policy.priority());
        out.table(policy.definition().asMap());
    }

    static PolicyDefinition readPolicy(DefinitionReader in) {
        return new PolicyDefinition(
                readKind(in), in.text(), in.text(), readApplyTo(in), in.int64(), in.arguments());
    }

    static void writeKind(DefinitionWriter out, PolicyKind kind) {
        out.octet(
                switch (kind) {
                    case USER -> 0;
                    case OPERATOR -> 1;
                });
    }

    static PolicyKind readKind(DefinitionReader in) {
        byte kind = in.octet();
        return switch (kind) {
            case 0 -> PolicyKind.USER;
            case 1 -> PolicyKind.OPERATOR;
            default -> throw new DefinitionFormatException("unknown kind " + kind + " of a policy");
        };
    }

    private static ApplyTo readApplyTo(DefinitionReader in) {
        String name = in.text();
        return ApplyTo.named(name)
                .orElseThrow(
                        () -> new DefinitionFormatException("a policy for unknown '" + name + "'"));
    }

    static void writeParameter(DefinitionWriter out, ParameterDefinition parameter) {
        out.text(parameter.component());
        out.text(parameter.name());
        out.table(parameter.boxed().asMap());
    }

    static ParameterDefinition readParameter(DefinitionReader in) {
        return new ParameterDefinition(in.text(), in.text(), in.arguments());
    }

    static void writeDescription(DefinitionWriter out, VirtualHostDescription description) {
        out.text(description.description());
        out.int32(description.tags().size());
        description.tags().forEach(out::text);
        out.text(description.defaultQueueType());
        out.octet((byte) (description.isProtected() ? 1 : 0));
    }

    static VirtualHostDescription readDescription(DefinitionReader in) {
        VirtualHostDescription described = readUnprotectedDescription(in);
        byte isProtected = in.octet();
        return switch (isProtected) {
            case 0 -> described;
            case 1 -> described.withProtection(true);
            default ->
                    throw new DefinitionFormatException(
                            "unknown protection " + isProtected + " of a virtual host");
        };
    }

    static VirtualHostDescription readUnprotectedDescription(DefinitionReader in) {
        String description = in.text();
        List<String> tags = new ArrayList<>();
        for (int left = in.int32(); left > 0; left--) {
            tags.add(in.text());
        }
        return new VirtualHostDescription(description, tags, in.text(), false);
    }

    static void writeTopicPermission(DefinitionWriter out, TopicPermissionDefinition permission) {
        out.text(permission.user());
        out.text(permission.exchange());
        out.text(permission.write());
        out.text(permission.read());
    }

    static TopicPermissionDefinition readTopicPermission(DefinitionReader in) {
        return new TopicPermissionDefinition(in.text(), in.text(), in.text(), in.text());
    }
}
