package io.chasqui.core.security;

/** In whose name the running thread changes something, for those who keep account of changes. */
public final class Actor {

    /** RabbitMQ's name of nobody: the broker acts on its own. */
    public static final String BROKER = "rmq-internal";

    /** RabbitMQ's name of whoever works on the broker's own machine. */
    public static final String COMMAND_LINE = "rmq-cli";

    private static final ScopedValue<String> USER = ScopedValue.newInstance();

    private Actor() {}

    /** The user who acts. */
    public static String current() {
        return USER.orElse(BROKER);
    }

    /** Does something in a user's name. */
    public static <T, X extends Throwable> T as(
            String user, ScopedValue.CallableOp<? extends T, X> action) throws X {
        return ScopedValue.where(USER, user).call(action);
    }
}
