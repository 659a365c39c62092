package io.chasqui.server.net;

/**
 * Whether a connection is read just now. Several may close the gate, each for its own reason; it is
 * open when nobody holds it closed any more.
 */
public final class ReadGate {

    /** Why nothing is read. */
    public enum Reason {
        /** A request is being worked on elsewhere; its answer comes before the next request. */
        AWAITING_ANSWER,
        /** The log has to catch up with publishers. */
        STORE_CONGESTED,
        /** An alarm stops publishers. */
        PUBLISHERS_BLOCKED,
        /** The client asks and does not listen. */
        TOO_MUCH_UNSENT,
        /** The broker stops: what comes now is left to its successor. */
        STOPPING;

        private final int bit = 1 << ordinal();
    }

    private final Runnable opened;
    private int closedFor;

    /**
     * @param opened called whenever the gate is open again
     */
    public ReadGate(Runnable opened) {
        this.opened = opened;
    }

    public boolean isOpen() {
        return closedFor == 0;
    }

    public boolean isClosedFor(Reason reason) {
        return (closedFor & reason.bit) != 0;
    }

    public void close(Reason reason) {
        closedFor |= reason.bit;
    }

    /** This reason is no more. */
    public void open(Reason reason) {
        if ((closedFor & reason.bit) != 0) {
            closedFor &= ~reason.bit;
            if (closedFor == 0) {
                opened.run();
            }
        }
    }

    /** No reason counts any more. */
    public void openForGood() {
        if (closedFor != 0) {
            closedFor = 0;
            opened.run();
        }
    }
}
