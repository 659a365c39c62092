package io.chasqui.server.amqp091;

import io.chasqui.server.net.PublishGate;

/**
 * Where a connection is in its life (0-9-1 §2.2.4), with what is true there.
 *
 * <pre>
 *   AwaitingStartOk --start-ok--> AwaitingLogin --accepted--> AwaitingTuneOk --tune-ok-->
 *          |                            |                         |
 *          |      AwaitingOpen --open--> Open                     |
 *          |           |                  |                       |
 *          +-----------+------------------+-----------+-----------+
 *                                                     | error, or the broker stops
 *                                                     v
 *                                                  Closing --close-ok, or time is up--> Closed
 *
 *   any but Closed --connection.close from the client--> Parting
 *   Parting --end of the socket, or time is up--> Closed
 * </pre>
 *
 * From every state the end of the socket leads to Closed at once.
 */
sealed interface ConnectionState {

    /** It is being set up, for which a client has so much time. */
    sealed interface SettingUp extends ConnectionState {

        long deadlineNs();
    }

    /** connection.start is sent. */
    record AwaitingStartOk(long deadlineNs) implements SettingUp {}

    /** The password is being checked, elsewhere; nothing is read meanwhile. */
    record AwaitingLogin(long deadlineNs, String user, String mechanism) implements SettingUp {}

    /** The client has logged in, connection.tune is sent. */
    record AwaitingTuneOk(long deadlineNs, String user) implements SettingUp {}

    /** The limits are agreed on. */
    record AwaitingOpen(long deadlineNs, String user, Tuning tuning) implements SettingUp {}

    /**
     * The client works in a virtual host.
     *
     * @param openedMs when it was opened, in milliseconds since the epoch
     */
    record Open(
            OpenConnection work,
            Heartbeat heartbeat,
            PublishGate publishGate,
            Tuning tuning,
            long openedMs)
            implements ConnectionState {}

    /**
     * connection.close is sent; all but its answer is ignored.
     *
     * @param garbled what comes in are no frames any more, so the answer can only be guessed
     */
    record Closing(long deadlineNs, boolean garbled) implements ConnectionState {}

    /**
     * The client has closed and has its answer; the socket is its to close, as with RabbitMQ. What it
     * still says is read, though not heeded: a socket closed with anything unread is reset, and the
     * client might never see the answer.
     */
    record Parting(long deadlineNs) implements ConnectionState {}

    /** Nothing is read any more; the socket closes when what was sent is on its way. */
    record Closed(long deadlineNs) implements ConnectionState {}
}
