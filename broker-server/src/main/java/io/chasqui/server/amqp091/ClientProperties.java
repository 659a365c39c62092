package io.chasqui.server.amqp091;

import io.chasqui.protocol.amqp091.FieldTable;

/**
 * What a client said of itself in connection.start-ok: the capabilities that change what the broker
 * may send it, and its name for the log.
 *
 * @param name the connection's name as the client gives it, else its product; may be empty
 * @param authenticationFailureClose a failed login is answered with connection.close
 * @param consumerCancelNotify the broker may send basic.cancel
 * @param connectionBlocked the broker may send connection.blocked
 * @param all of it, as it was said
 */
record ClientProperties(
        String name,
        boolean authenticationFailureClose,
        boolean consumerCancelNotify,
        boolean connectionBlocked,
        FieldTable all) {

    static ClientProperties of(FieldTable properties) {
        FieldTable capabilities =
                properties.get("capabilities") instanceof FieldTable table
                        ? table
                        : FieldTable.EMPTY;
        return new ClientProperties(
                name(properties),
                isTrue(capabilities, "authentication_failure_close"),
                isTrue(capabilities, "consumer_cancel_notify"),
                isTrue(capabilities, "connection.blocked"),
                properties);
    }

    /** The name that the client gave the connection; empty if none. */
    String givenName() {
        return all.get("connection_name") instanceof String given ? given : "";
    }

    private static String name(FieldTable properties) {
        if (properties.get("connection_name") instanceof String name) {
            return name;
        }
        return properties.get("product") instanceof String product ? product : "";
    }

    private static boolean isTrue(FieldTable capabilities, String name) {
        return Boolean.TRUE.equals(capabilities.get(name));
    }
}
