package io.chasqui.core.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.core.definition.Binary;
import io.chasqui.core.definition.UserDefinition;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Logins that succeeded a short time ago, so that many connections of one user cost one slow hash.
 * Keeps no password, only a keyed digest of it under a key that lives as long as the process. An
 * entry is good as long as the user is defined as it was then. Safe for any thread.
 */
final class LoginCache {

    private static final int MAX_ENTRIES = 4096;
    private static final long GOOD_NS = TimeUnit.MINUTES.toNanos(5);
    private static final String HMAC = "HmacSHA256";

    private final SecretKeySpec key;
    private final Map<Binary, Verified> entries =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Binary, Verified> eldest) {
                    return size() > MAX_ENTRIES;
                }
            };

    private record Verified(UserDefinition user, long verifiedNs) {}

    LoginCache(RandomGenerator random) {
        byte[] octets = new byte[32];
        random.nextBytes(octets);
        this.key = new SecretKeySpec(octets, HMAC);
    }

    /** What stands for these credentials in this process. */
    Binary credentials(String user, String password) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            byte[] name = user.getBytes(UTF_8);
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(name.length).flip());
            mac.update(name);
            return Binary.of(mac.doFinal(password.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + HMAC, e);
        }
    }

    /** Whether these credentials were right for the user as it is now. */
    synchronized boolean holds(Binary credentials, UserDefinition user, long nowNs) {
        Verified entry = entries.get(credentials);
        return entry != null && entry.user.equals(user) && nowNs - entry.verifiedNs < GOOD_NS;
    }

    synchronized void put(Binary credentials, UserDefinition user, long nowNs) {
        entries.put(credentials, new Verified(user, nowNs));
    }
}
