package io.chasqui.core.security;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Slows down guessing: after a few failures in a row, logins of a user from an address get their
 * turn one after the other, each later than the last; so do, after more failures, logins of any
 * user from there. Nothing waits here, it only says how long to. Safe for any thread.
 */
final class BackOff {

    private static final int FREE_FAILURES = 5;
    private static final int FREE_FAILURES_OF_ADDRESS = 50;
    private static final long FIRST_DELAY_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int MAX_DOUBLINGS = 4;
    private static final long FORGOTTEN_NS = TimeUnit.MINUTES.toNanos(5);
    private static final int MAX_ENTRIES = 10_000;

    /** By address and, behind a line break, user; by address alone. */
    private final Map<String, Failures> failures =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
                    return size() > MAX_ENTRIES;
                }
            };

    private static final class Failures {
        private int count;
        private long lastNs;
        private long nextTurnNs;
    }

    /** How long this login must wait for its turn, in nanoseconds; the turn is taken by asking. */
    synchronized long turn(String address, String user, long nowNs) {
        return Math.max(
                turn(failures.get(address + '\n' + user), FREE_FAILURES, nowNs),
                turn(failures.get(address), FREE_FAILURES_OF_ADDRESS, nowNs));
    }

    private static long turn(@Nullable Failures of, int free, long nowNs) {
        if (of == null || of.count < free || nowNs - of.lastNs > FORGOTTEN_NS) {
            return 0;
        }
        long delay = FIRST_DELAY_NS << Math.min(of.count - free, MAX_DOUBLINGS);
        long at = Math.max(of.nextTurnNs, nowNs + delay);
        of.nextTurnNs = at + delay;
        return at - nowNs;
    }

    synchronized void failed(String address, String user, long nowNs) {
        failed(address + '\n' + user, nowNs);
        failed(address, nowNs);
    }

    private void failed(String key, long nowNs) {
        Failures of = failures.computeIfAbsent(key, _ -> new Failures());
        if (of.count == 0 || nowNs - of.lastNs > FORGOTTEN_NS) {
            of.count = 0;
            of.nextTurnNs = nowNs;
        }
        of.count++;
        of.lastNs = nowNs;
    }

    /** Who knows the password is no guesser of this one. */
    synchronized void succeeded(String address, String user) {
        failures.remove(address + '\n' + user);
    }
}
