package io.chasqui.server.amqp10;

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
 *
 *   Open --close from the client--> Parting
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

    /** The mechanisms are told. */
    record AwaitingInit(long deadlineNs) implements SettingUp {}

    /** The password is being checked, elsewhere; nothing is read meanwhile. */
    record AwaitingLogin(long deadlineNs) implements SettingUp {}

    /** The client has logged in; its second protocol header and open come next. */
    record AwaitingOpen(long deadlineNs, String user, String mechanism) implements SettingUp {}

    /**
     * The client works in a virtual host.
     *
     * @param openedMs when it was opened, in milliseconds since the epoch
     */
    record Open(OpenConnection work, IdleTimes idle, long openedMs) implements ConnectionState {}

    /**
     * close is sent; all but its answer is ignored.
     *
     * @param garbled what comes in are no frames any more, so the answer can only be guessed
     */
    record Closing(long deadlineNs, boolean garbled) implements ConnectionState {}

    /**
     * The client has closed and has its answer; the socket is its to close. What it still says is
     * read, though not heeded: a socket closed with anything unread is reset, and the client might
     * never see the answer.
     */
    record Parting(long deadlineNs) implements ConnectionState {}

    /** Nothing is read any more; the socket closes when what was sent is on its way. */
    record Closed(long deadlineNs) implements ConnectionState {}
}
