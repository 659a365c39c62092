package io.chasqui.server.amqp10;

import io.chasqui.core.session.Session;

/**
 * Where a connection is in its life (1.0 §2.4.6, §5.3.2), with what is true there.
 *
 * <pre>
 *   AwaitingInit --sasl-init--> AwaitingLogin --accepted--> AwaitingOpen --open--> Open
 *        |                            |                          |                  |
 *        +----------------------------+-------------+------------+------------------+
 *                                                   | error, or the broker stops
 *                                                   v
 *                                                Closing --close, or time is up--> Closed
 * </pre>
 *
 * From every state the end of the socket, and from Open the client's close, leads to Closed at once.
 */
sealed interface ConnectionState {

    /** The mechanisms are told. */
    record AwaitingInit(long deadlineNs) implements ConnectionState {}

    /** The password is being checked, elsewhere; nothing is read meanwhile. */
    record AwaitingLogin(long deadlineNs, String user, String mechanism)
            implements ConnectionState {}

    /** The client has logged in; its second protocol header and open come next. */
    record AwaitingOpen(long deadlineNs, String user, String mechanism)
            implements ConnectionState {}

    /**
     * The client works in a virtual host.
     *
     * @param openedMs when it was opened, in milliseconds since the epoch
     */
    record Open(Session broker, IdleTimes idle, String mechanism, long openedMs)
            implements ConnectionState {}

    /** close is sent; all but its answer is ignored. */
    record Closing(long deadlineNs) implements ConnectionState {}

    /** Nothing is read any more; the socket closes when what was sent is on its way. */
    record Closed(long deadlineNs) implements ConnectionState {}
}
