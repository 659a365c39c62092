package io.chasqui.server.client;

import io.chasqui.protocol.FrameFinder;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes the frames of one read, one after the other. */
public interface FrameSink<C extends FrameFinder> {

    /** The frame lies in {@code in} where the cursor says, until this returns. */
    void frame(C frame, ByteBuffer in) throws IOException;
}
