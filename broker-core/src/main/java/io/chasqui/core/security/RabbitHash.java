package io.chasqui.core.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.core.definition.PasswordHash;
import io.chasqui.core.definition.PasswordHash.Algorithm;
import io.chasqui.core.refusal.Refusal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/**
 * Password hashes as RabbitMQ writes them down: the name of an algorithm, and base64 of four octets
 * of salt and the digest. Our own are written down likewise:
 *
 * <pre>
 *   | iterations u32 | salt, 16 octets | digest, 64 octets |      pbkdf2_hmac_sha512
 * </pre>
 */
public final class RabbitHash {

    private static final String SHA256 = "rabbit_password_hashing_sha256";
    private static final String SHA512 = "rabbit_password_hashing_sha512";
    private static final String MD5 = "rabbit_password_hashing_md5";
    private static final String PBKDF2 = "pbkdf2_hmac_sha512";
    static final int SALT_BYTES = 4;
    private static final int PBKDF2_SALT_BYTES = 16;
    private static final int MOST_ITERATIONS = 10_000_000;
    private static final int SHA256_BYTES = 32;
    private static final int SHA512_BYTES = 64;
    private static final int MD5_BYTES = 16;

    private RabbitHash() {}

    /** Whether the text can be a hash at all. */
    public static boolean isBase64(String text) {
        try {
            Base64.getDecoder().decode(text);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /**
     * What cannot be checked is kept as it is, and nobody can log in with it: so does RabbitMQ.
     *
     * @param algorithm as RabbitMQ names it; its default if empty
     * @param text the hash; empty for a user without a password
     * @throws Refusal.PreconditionFailed if it is not base64, or none of our own
     */
    public static PasswordHash of(String algorithm, String text) {
        if (text.isEmpty()) {
            return PasswordHash.NONE;
        }
        if (!isBase64(text)) {
            throw new Refusal.PreconditionFailed("the password hash is not base64");
        }
        byte[] octets = Base64.getDecoder().decode(text);
        return switch (algorithm) {
            case PBKDF2 -> pbkdf2(octets);
            case "" -> of(Algorithm.RABBIT_SHA256, SHA256, octets, SHA256_BYTES);
            case SHA256 -> of(Algorithm.RABBIT_SHA256, algorithm, octets, SHA256_BYTES);
            case SHA512 -> of(Algorithm.RABBIT_SHA512, algorithm, octets, SHA512_BYTES);
            case MD5 -> of(Algorithm.RABBIT_MD5, algorithm, octets, MD5_BYTES);
            default -> opaque(algorithm, octets);
        };
    }

    private static PasswordHash opaque(String algorithm, byte[] octets) {
        return new PasswordHash(Algorithm.OPAQUE, 0, algorithm.getBytes(UTF_8), octets);
    }

    private static PasswordHash of(
            Algorithm algorithm, String name, byte[] octets, int digestBytes) {
        if (octets.length != SALT_BYTES + digestBytes) {
            return opaque(name, octets);
        }
        return new PasswordHash(
                algorithm,
                0,
                Arrays.copyOf(octets, SALT_BYTES),
                Arrays.copyOfRange(octets, SALT_BYTES, octets.length));
    }

    private static PasswordHash pbkdf2(byte[] octets) {
        int salt = Integer.BYTES;
        int digest = salt + PBKDF2_SALT_BYTES;
        if (octets.length != digest + SHA512_BYTES) {
            throw wrongLength(octets.length, digest + SHA512_BYTES);
        }
        int iterations = ByteBuffer.wrap(octets).getInt();
        if (iterations < 1 || iterations > MOST_ITERATIONS) {
            throw new Refusal.PreconditionFailed(
                    "the password hash has an impossible number of iterations");
        }
        return new PasswordHash(
                Algorithm.PBKDF2_HMAC_SHA512,
                iterations,
                Arrays.copyOfRange(octets, salt, digest),
                Arrays.copyOfRange(octets, digest, octets.length));
    }

    private static Refusal wrongLength(int found, int wanted) {
        return new Refusal.PreconditionFailed(
                "the password hash has " + found + " octets instead of " + wanted);
    }

    /** The hash as {@link #of} reads it; empty for a user without a password. */
    public static String text(PasswordHash hash) {
        boolean isOpaque = hash.algorithm() == Algorithm.OPAQUE;
        byte[] salt = isOpaque ? new byte[0] : hash.salt();
        byte[] digest = hash.digest();
        boolean isOurs = hash.algorithm() == Algorithm.PBKDF2_HMAC_SHA512;
        ByteBuffer octets =
                ByteBuffer.allocate((isOurs ? Integer.BYTES : 0) + salt.length + digest.length);
        if (isOurs) {
            octets.putInt(hash.iterations());
        }
        octets.put(salt).put(digest);
        return Base64.getEncoder().encodeToString(octets.array());
    }

    /** The algorithm as {@link #of} reads it. */
    public static String algorithm(PasswordHash hash) {
        return switch (hash.algorithm()) {
            case NONE, RABBIT_SHA256 -> SHA256;
            case RABBIT_SHA512 -> SHA512;
            case RABBIT_MD5 -> MD5;
            case PBKDF2_HMAC_SHA512 -> PBKDF2;
            case OPAQUE -> new String(hash.salt(), UTF_8);
        };
    }
}
