package io.chasqui.core.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;

/**
 * The users that may log in. For now one, from the configuration; users that are kept, hashed and
 * managed come with the rest of the permissions.
 */
public final class Users {

    private final Map<String, byte[]> passwords;
    private final boolean guestFromLoopbackOnly;

    /**
     * @param name the user's name
     * @param password its password, in clear as the configuration has it
     * @param guestFromLoopbackOnly whether a user named {@code guest} is refused from other hosts
     */
    public Users(String name, String password, boolean guestFromLoopbackOnly) {
        this.passwords = Map.of(name, password.getBytes(StandardCharsets.UTF_8));
        this.guestFromLoopbackOnly = guestFromLoopbackOnly;
    }

    /** What came of a login. */
    public enum Login {
        ACCEPTED,
        REFUSED,
        /** Right name and password, but this user may only connect from the broker's own host. */
        REFUSED_FROM_AFAR
    }

    /** Checks a login; takes the same time for an unknown user as for a wrong password. */
    public Login login(String name, byte[] password, boolean fromLoopback) {
        byte[] expected = passwords.getOrDefault(name, new byte[0]);
        boolean right = MessageDigest.isEqual(expected, password) && password.length > 0;
        if (!right) {
            return Login.REFUSED;
        }
        return guestFromLoopbackOnly && name.equals("guest") && !fromLoopback
                ? Login.REFUSED_FROM_AFAR
                : Login.ACCEPTED;
    }
}
