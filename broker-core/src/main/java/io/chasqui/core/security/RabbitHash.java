package io.chasqui.core.security;

import io.chasqui.core.definition.PasswordHash;
import io.chasqui.core.definition.PasswordHash.Algorithm;
import io.chasqui.core.refusal.Refusal;
import java.util.Arrays;
import java.util.Base64;

/** Password hashes as RabbitMQ writes them down: base64 of four octets of salt and the digest. */
public final class RabbitHash {

    private static final int SALT_BYTES = 4;
    private static final int SHA256_BYTES = 32;
    private static final int SHA512_BYTES = 64;

    private RabbitHash() {}

    /**
     * @param algorithm as RabbitMQ names it; its default if empty
     * @param text the hash; empty for a user without a password
     * @throws Refusal.PreconditionFailed if it is none, or of an algorithm not offered
     */
    public static PasswordHash of(String algorithm, String text) {
        if (text.isEmpty()) {
            return PasswordHash.NONE;
        }
        byte[] octets;
        try {
            octets = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            throw new Refusal.PreconditionFailed("the password hash is not base64");
        }
        return switch (algorithm) {
            case "", "rabbit_password_hashing_sha256" ->
                    of(Algorithm.RABBIT_SHA256, octets, SHA256_BYTES);
            case "rabbit_password_hashing_sha512" ->
                    of(Algorithm.RABBIT_SHA512, octets, SHA512_BYTES);
            default ->
                    throw new Refusal.PreconditionFailed(
                            "password hashing algorithm '" + algorithm + "' is not offered");
        };
    }

    private static PasswordHash of(Algorithm algorithm, byte[] octets, int digestBytes) {
        if (octets.length != SALT_BYTES + digestBytes) {
            throw new Refusal.PreconditionFailed(
                    "the password hash has "
                            + octets.length
                            + " octets instead of "
                            + (SALT_BYTES + digestBytes));
        }
        return new PasswordHash(
                algorithm,
                0,
                Arrays.copyOf(octets, SALT_BYTES),
                Arrays.copyOfRange(octets, SALT_BYTES, octets.length));
    }
}
