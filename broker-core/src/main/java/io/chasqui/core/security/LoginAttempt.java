package io.chasqui.core.security;

import java.util.function.BooleanSupplier;

/**
 * Somebody wants to log in.
 *
 * @param address where from, without the port: failures are counted by it
 * @param fromLoopback whether from the broker's own host
 * @param stillWanted whether anybody still waits for the answer; asked on any thread
 */
public record LoginAttempt(
        String user,
        String password,
        String address,
        boolean fromLoopback,
        BooleanSupplier stillWanted) {

    @Override
    public String toString() {
        return "LoginAttempt[user=" + user + ", password=hidden, address=" + address + "]";
    }
}
