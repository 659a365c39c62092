package io.chasqui.server.net;

/** A connection as the network looks after it; all calls come on its event loop. */
public interface LiveConnection {

    /** Called about twice a second: send a heartbeat, or give a silent peer up. */
    void sweep(long nowNs);

    /** Publishers must stop, or may go on. */
    void alarmsChanged(boolean publishersBlocked);

    /** The broker is about to stop: take in nothing more, answer what was taken in. */
    void drain();

    /** Whether the client still waits for an answer to what was taken in. */
    boolean owes();

    /** The broker stops: say so and close. */
    void shutDown();
}
