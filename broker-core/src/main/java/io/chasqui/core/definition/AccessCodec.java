package io.chasqui.core.definition;

import java.util.ArrayList;
import java.util.List;

/** Users and permissions as octets; {@link DefinitionCodec} draws them. */
final class AccessCodec {

    private AccessCodec() {}

    static void writeUser(DefinitionWriter out, UserDefinition user) {
        out.text(user.name());
        PasswordHash password = user.password();
        out.octet(password.algorithm().tag());
        out.int32(password.iterations());
        out.binary(password.salt());
        out.binary(password.digest());
        out.int32(user.tags().size());
        user.tags().forEach(out::text);
    }

    static UserDefinition readUser(DefinitionReader in) {
        String name = in.text();
        PasswordHash.Algorithm algorithm = algorithm(in.octet());
        PasswordHash password = new PasswordHash(algorithm, in.int32(), in.binary(), in.binary());
        List<String> tags = new ArrayList<>();
        for (int left = in.int32(); left > 0; left--) {
            tags.add(in.text());
        }
        return new UserDefinition(name, password, tags);
    }

    private static PasswordHash.Algorithm algorithm(byte tag) {
        for (PasswordHash.Algorithm each : PasswordHash.Algorithm.values()) {
            if (each.tag() == tag) {
                return each;
            }
        }
        throw new DefinitionFormatException("unknown password algorithm " + tag);
    }

    static void writePermission(DefinitionWriter out, PermissionDefinition permission) {
        out.text(permission.user());
        out.text(permission.configure());
        out.text(permission.write());
        out.text(permission.read());
    }

    static PermissionDefinition readPermission(DefinitionReader in) {
        return new PermissionDefinition(in.text(), in.text(), in.text(), in.text());
    }
}
