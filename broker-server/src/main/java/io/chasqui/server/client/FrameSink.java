package io.chasqui.server.client;

import io.chasqui.protocol.amqp091.FrameCursor;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes the frames of one read, one after the other. */
public interface FrameSink {

    /** The frame lies in {@code in} where the cursor says, until this returns. */
    void frame(FrameCursor frame, ByteBuffer in) throws IOException;
}
