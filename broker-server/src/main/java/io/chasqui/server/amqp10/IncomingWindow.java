package io.chasqui.server.amqp10;

/**
 * How many transfer frames a client may still send in a session (1.0 §2.5.6). Frames are dealt with as
 * they come, so the window holds nobody up: it is opened again when half of it is used.
 */
final class IncomingWindow {

    /** Frames that a client may send before it hears of more. */
    static final int SIZE = 2048;

    private int nextId;
    private int left = SIZE;

    /**
     * @param firstId of the first transfer to come
     */
    IncomingWindow(int firstId) {
        this.nextId = firstId;
    }

    /**
     * A frame came.
     *
     * @return whether the client should be told of a new window
     * @throws Amqp10Error if there was no room for it
     */
    boolean take() {
        if (left == 0) {
            throw Amqp10Error.session(
                    Amqp10Error.WINDOW_VIOLATION, "more transfers than the window allows");
        }
        nextId++;
        left--;
        return left <= SIZE / 2;
    }

    /**
     * The client tells which transfer it will send next.
     *
     * @throws Amqp10Error if it has sent that one already
     */
    void peerSent(int next) {
        if (next - nextId < 0) {
            throw Amqp10Error.session(
                    Amqp10Error.WINDOW_VIOLATION,
                    "next-outgoing-id %s is behind the transfers that came, up to %s"
                            .formatted(
                                    Integer.toUnsignedString(next),
                                    Integer.toUnsignedString(nextId)));
        }
        nextId = next;
    }

    /** The client is told that the whole window is open. */
    void open() {
        left = SIZE;
    }

    /** The id of the transfer expected next. */
    int nextId() {
        return nextId;
    }
}
