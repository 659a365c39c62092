package io.chasqui.core.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.core.definition.PasswordHash;
import io.chasqui.core.definition.PasswordHash.Algorithm;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.random.RandomGenerator;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Makes and checks password hashes. Slow on purpose: never call it on an event loop. Safe for any
 * thread if {@code random} is.
 */
public final class Passwords {

    private static final String PBKDF2 = "PBKDF2WithHmacSHA512";
    private static final int SALT_BYTES = 16;
    private static final int DIGEST_BYTES = 64;

    private final RandomGenerator random;
    private final int iterations;

    /** Stands in for the hash of a user who does not exist or has none, so that time tells nothing. */
    private final PasswordHash nobody;

    /**
     * @param random for salts; one that cannot be guessed
     * @param iterations of new hashes; those kept have their own number
     */
    public Passwords(RandomGenerator random, int iterations) {
        this.random = random;
        this.iterations = iterations;
        this.nobody =
                new PasswordHash(
                        Algorithm.PBKDF2_HMAC_SHA512,
                        iterations,
                        new byte[SALT_BYTES],
                        new byte[DIGEST_BYTES]);
    }

    /** A new hash of a password, with a salt of its own. */
    public PasswordHash hash(String password) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return new PasswordHash(
                Algorithm.PBKDF2_HMAC_SHA512, iterations, salt, pbkdf2(password, salt, iterations));
    }

    /** A new hash as RabbitMQ makes them, for its own definitions. */
    public PasswordHash rabbitHash(String password) {
        byte[] salt = new byte[RabbitHash.SALT_BYTES];
        random.nextBytes(salt);
        return new PasswordHash(
                Algorithm.RABBIT_SHA256, 0, salt, salted("SHA-256", salt, password));
    }

    /**
     * Whether the password is the one. A wrong one takes at least as long as our own hash does, of
     * whatever kind this one is; the empty password is always wrong.
     */
    public boolean matches(PasswordHash hash, String password) {
        boolean right = !password.isEmpty() && isDigestOf(hash, password);
        if (!right && hash.algorithm() != Algorithm.PBKDF2_HMAC_SHA512) {
            isDigestOf(nobody, password);
        }
        return right;
    }

    private static boolean isDigestOf(PasswordHash hash, String password) {
        return switch (hash.algorithm()) {
            case NONE, OPAQUE -> false;
            case PBKDF2_HMAC_SHA512 ->
                    MessageDigest.isEqual(
                            hash.digest(), pbkdf2(password, hash.salt(), hash.iterations()));
            case RABBIT_SHA256 ->
                    MessageDigest.isEqual(hash.digest(), salted("SHA-256", hash, password));
            case RABBIT_SHA512 ->
                    MessageDigest.isEqual(hash.digest(), salted("SHA-512", hash, password));
            case RABBIT_MD5 -> MessageDigest.isEqual(hash.digest(), salted("MD5", hash, password));
        };
    }

    private static byte[] pbkdf2(String password, byte[] salt, int iterations) {
        PBEKeySpec spec =
                new PBEKeySpec(password.toCharArray(), salt, iterations, DIGEST_BYTES * Byte.SIZE);
        try {
            return SecretKeyFactory.getInstance(PBKDF2).generateSecret(spec).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + PBKDF2, e);
        } finally {
            spec.clearPassword();
        }
    }

    private static byte[] salted(String algorithm, PasswordHash hash, String password) {
        return salted(algorithm, hash.salt(), password);
    }

    private static byte[] salted(String algorithm, byte[] salt, String password) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            digest.update(salt);
            return digest.digest(password.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no " + algorithm, e);
        }
    }
}
