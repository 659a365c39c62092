package io.chasqui.core.security;

import java.util.function.Supplier;

/** In whose name the running thread changes something, for those who keep account of changes. */
public final class Actor {

    /** RabbitMQ's name of nobody: the broker acts on its own. */
    public static final String BROKER = "rmq-internal";

    private static final ScopedValue<String> USER = ScopedValue.newInstance();

    private Actor() {}

    /** The user who acts. */
    public static String current() {
        return USER.orElse(BROKER);
    }

    /** Does something in a user's name. */
    public static <T> T as(String user, Supplier<T> action) {
        return ScopedValue.where(USER, user).call(action::get);
    }
}
