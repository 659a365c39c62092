package io.chasqui.core.definition;

import java.util.Arrays;

/**
 * What is kept of a password, with all that is needed to check one against it. Its text never shows
 * salt or digest.
 */
public final class PasswordHash {

    /** Nobody can log in with a password. */
    public static final PasswordHash NONE =
            new PasswordHash(Algorithm.NONE, 0, new byte[0], new byte[0]);

    /** How the digest is made. */
    public enum Algorithm {
        /** There is no password, and none is the right one. */
        NONE(0),
        /** RFC 8018, slow on purpose. */
        PBKDF2_HMAC_SHA512(1),
        /** RabbitMQ's: SHA-256 of salt and password. */
        RABBIT_SHA256(2),
        /** RabbitMQ's: SHA-512 of salt and password. */
        RABBIT_SHA512(3),
        /** RabbitMQ's before 3.6: MD5 of salt and password. */
        RABBIT_MD5(4),
        /**
         * Whatever RabbitMQ keeps without being able to check it. The salt is the name of the
         * algorithm, the digest all of the hash; nobody can log in with it.
         */
        OPAQUE(5);

        private final int tag;

        Algorithm(int tag) {
            this.tag = tag;
        }

        /** How it is written to disk. */
        int tag() {
            return tag;
        }
    }

    private final Algorithm algorithm;
    private final int iterations;
    private final byte[] salt;
    private final byte[] digest;

    /**
     * @param iterations of PBKDF2, 0 for the others
     */
    public PasswordHash(Algorithm algorithm, int iterations, byte[] salt, byte[] digest) {
        this.algorithm = algorithm;
        this.iterations = iterations;
        this.salt = salt.clone();
        this.digest = digest.clone();
    }

    public Algorithm algorithm() {
        return algorithm;
    }

    public int iterations() {
        return iterations;
    }

    /** A copy. */
    public byte[] salt() {
        return salt.clone();
    }

    /** A copy. */
    public byte[] digest() {
        return digest.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PasswordHash that
                && algorithm == that.algorithm
                && iterations == that.iterations
                && Arrays.equals(salt, that.salt)
                && Arrays.equals(digest, that.digest);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(digest);
    }

    @Override
    public String toString() {
        return "PasswordHash[" + algorithm + ", hidden]";
    }
}
