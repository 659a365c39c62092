package io.chasqui.protocol;

import java.nio.ByteBuffer;

/**
 * Finds whole frames of one protocol among received octets, in place. Between {@link #next} and the
 * following call it describes the frame that was found.
 */
public interface FrameFinder {

    /** Looks from now on at the octets of {@code buffer} from {@code from} to {@code to}. */
    void wrap(ByteBuffer buffer, int from, int to);

    /** Sets the largest frame to accept, in octets, 0 for no limit. */
    void frameMax(int octets);

    /**
     * Steps to the next frame if all of it is there.
     *
     * @throws RuntimeException of the protocol, if these octets are no frame, or one too large
     */
    boolean next();

    /** The first octet that belongs to no frame found so far. */
    int position();

    /**
     * How many octets the frame at {@link #position} still needs at least: those of its header until
     * the header is whole, from then on all of them. 0 if the frame is whole.
     */
    int missing();
}
