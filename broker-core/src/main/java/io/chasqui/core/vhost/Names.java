package io.chasqui.core.vhost;

import io.chasqui.core.exchange.DefaultExchange;
import io.chasqui.core.refusal.Refusal;

/** What names of queues and exchanges may be, with RabbitMQ's texts. */
public final class Names {

    private Names() {}

    /** RabbitMQ drops carriage returns and line feeds from the names that it is given. */
    public static String withoutLineBreaks(String name) {
        return name.indexOf('\n') < 0 && name.indexOf('\r') < 0
                ? name
                : name.replace("\n", "").replace("\r", "");
    }

    /** Whether only the broker may give that name (0-9-1 §3.1.10). */
    public static boolean isReserved(String name) {
        return Predeclared.isReserved(name);
    }

    /**
     * @throws Refusal.AccessRefused for the default exchange, which nobody can change
     */
    static void checkNotDefault(String exchange) {
        if (exchange.equals(DefaultExchange.NAME)) {
            throw new Refusal.AccessRefused("operation not permitted on the default exchange");
        }
    }

    /**
     * @param kind of the thing to be made, "queue" or "exchange"
     * @throws Refusal.AccessRefused for a name that only the broker may give (0-9-1 queue.declare)
     */
    static void checkNotReserved(String kind, String name) {
        if (Predeclared.isReserved(name)) {
            throw new Refusal.AccessRefused(
                    kind + " name '" + name + "' contains reserved prefix 'amq.*'");
        }
    }
}
