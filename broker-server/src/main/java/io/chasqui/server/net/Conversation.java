package io.chasqui.server.net;

import io.netty.buffer.ByteBuf;

/**
 * What a protocol makes of one client's frames, and of what befalls its {@link ClientSocket}. All
 * calls come on the connection's event loop.
 */
public interface Conversation {

    /** The connection stands; whoever speaks first may. */
    void begin();

    /** Whether it is over: nothing is read any more. */
    boolean isOver();

    /**
     * Whether what comes are no frames any more. Called for whatever is received.
     *
     * @param octets to be looked at, no more
     */
    boolean ignores(ByteBuf octets);

    /** Handles the frame that the intake found; one that must wait is to be found again. */
    void handleFrame();

    /**
     * Deals with what went wrong.
     *
     * @param found whether it was with the frame that was found, or else in looking for one
     */
    void failed(RuntimeException fault, boolean found);

    /** The socket takes more again. */
    void takesMore();

    /** The socket has ended, and what came before is dealt with. */
    void socketEnded();

    /** Something failed that was no frame of the client; the socket is about to close. */
    void broken();

    /**
     * Looks after the connection, about twice a second.
     *
     * @param heard whether the client was heard since the last call, or was not listened to
     * @param spoke whether the client was sent anything since the last call
     */
    void sweep(long nowNs, boolean heard, boolean spoke);

    /** As {@link LiveConnection#alarmsChanged}. */
    void alarmsChanged(boolean publishersBlocked);

    /** As {@link LiveConnection#drain}. */
    void drain();

    /** As {@link LiveConnection#owes}. */
    boolean owes();

    /** As {@link LiveConnection#shutDown}. */
    void shutDown();
}
