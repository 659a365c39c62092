package io.chasqui.server.net;

/** A connection as the network looks after it; all calls come on its event loop. */
public interface LiveConnection {

    /** Called about twice a second: send a heartbeat, or give a silent peer up. */
    void sweep(long nowNs);

    /** Publishers must stop, or may go on. */
    void alarmsChanged(boolean publishersBlocked);

    /** The broker stops: say so and close. */
    void shutDown();
}
