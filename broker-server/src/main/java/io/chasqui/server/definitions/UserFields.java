package io.chasqui.server.definitions;

import io.chasqui.core.definition.PasswordHash;
import io.chasqui.core.definition.PasswordHash.Algorithm;
import io.chasqui.core.definition.UserDefinition;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.security.RabbitHash;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A user of a definitions file. Hashes that RabbitMQ made stand where it writes them. Those of our own
 * it could not check, so to RabbitMQ such a user has none, and the hash stands beside, under a name
 * that it does not look at.
 */
final class UserFields {

    private static final String OWN_HASH = "chasqui_password";

    private UserFields() {}

    static Map<String, @Nullable Object> of(
            UserDefinition user, Map<String, @Nullable Object> limits) {
        PasswordHash hash = user.password();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("name", user.name());
        boolean isOurs = hash.algorithm() == Algorithm.PBKDF2_HMAC_SHA512;
        PasswordHash told = isOurs ? PasswordHash.NONE : hash;
        fields.put("password_hash", RabbitHash.text(told));
        fields.put("hashing_algorithm", RabbitHash.algorithm(told));
        fields.put("tags", user.tags());
        fields.put("limits", limits);
        if (isOurs) {
            Map<String, Object> own = new LinkedHashMap<>();
            own.put("algorithm", "pbkdf2_hmac_sha512");
            own.put("iterations", hash.iterations());
            own.put("salt", Base64.getEncoder().encodeToString(hash.salt()));
            own.put("digest", Base64.getEncoder().encodeToString(hash.digest()));
            fields.put(OWN_HASH, own);
        }
        return fields;
    }

    /**
     * @param hash makes a hash of a password that stands there as it is
     * @throws Refusal.PreconditionFailed if it is no user, or the hash is none that can be checked
     */
    static UserDefinition read(Fields fields, Function<String, PasswordHash> hash) {
        return new UserDefinition(fields.text("name"), password(fields, hash), tags(fields));
    }

    private static PasswordHash password(Fields fields, Function<String, PasswordHash> hash) {
        if (fields.get(OWN_HASH) instanceof Map<?, ?> own) {
            return own(new Fields("password of a user", own));
        }
        String password = fields.text("password", "");
        return password.isEmpty()
                ? RabbitHash.of(
                        fields.text("hashing_algorithm", ""), fields.text("password_hash", ""))
                : hash.apply(password);
    }

    private static PasswordHash own(Fields own) {
        if (!own.text("algorithm").equals("pbkdf2_hmac_sha512")) {
            throw own.wrong("algorithm");
        }
        return new PasswordHash(
                Algorithm.PBKDF2_HMAC_SHA512,
                Math.toIntExact(own.number("iterations", 1)),
                octets(own, "salt"),
                octets(own, "digest"));
    }

    private static byte[] octets(Fields own, String name) {
        try {
            return Base64.getDecoder().decode(own.text(name));
        } catch (IllegalArgumentException _) {
            throw own.wrong(name);
        }
    }

    /** A list, or texts with commas between, as RabbitMQ writes both. */
    static List<String> tags(Fields fields) {
        return switch (fields.get("tags")) {
            case List<?> list -> list.stream().map(String::valueOf).toList();
            case String text ->
                    Arrays.stream(text.split(",", -1))
                            .map(String::strip)
                            .filter(tag -> !tag.isEmpty())
                            .toList();
            case null, default -> List.of();
        };
    }
}
