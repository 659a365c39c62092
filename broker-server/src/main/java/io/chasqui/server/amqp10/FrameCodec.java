package io.chasqui.server.amqp10;

import io.chasqui.protocol.amqp10.Amqp10;
import io.chasqui.protocol.amqp10.MalformedException;
import io.chasqui.protocol.amqp10.TypeCode;
import io.chasqui.server.net.OutputBuffer;
import io.chasqui.server.proton.ProtonCodec;
import java.nio.ByteBuffer;
import org.apache.qpid.proton.amqp.transport.FrameBody;
import org.jspecify.annotations.Nullable;

/** Frames without payload in and out, and protocol headers. One for a connection; its thread's. */
final class FrameCodec {

    /** How a close begins, as everybody encodes it. */
    static final byte[] CLOSE = {TypeCode.DESCRIBED, TypeCode.SMALL_ULONG, 0x18};

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ProtonCodec codec = new ProtonCodec();
    private final OutputBuffer output;

    /**
     * @param output to write to
     */
    FrameCodec(OutputBuffer output) {
        this.output = output;
    }

    /**
     * Decodes the performative of a frame's body.
     *
     * @throws Amqp10Error if it is none
     */
    Object read(ByteBuffer in, int at, int size) {
        Object performative = value(in, at, size);
        if (performative == null) {
            throw Amqp10Error.decode("a frame without a performative");
        }
        MandatoryFields.check(performative);
        return performative;
    }

    /**
     * Decodes a value that was found well-formed, such as the state of a delivery.
     *
     * @throws Amqp10Error if it is of a type that cannot be
     */
    @Nullable Object value(ByteBuffer in, int at, int size) {
        try {
            return codec.read(in, at, size);
        } catch (MalformedException e) {
            throw Amqp10Error.decode(e.text());
        }
    }

    /** Encodes a value; what it became lies from 0 to the limit, until the next. */
    ByteBuffer encode(Object value) {
        return codec.encode(value);
    }

    /** Writes the header that opens a layer. */
    void writeHeader(int layer) {
        byte[] header = Amqp10.protocolHeader(layer);
        output.begin(header.length).put(header);
    }

    /** Writes a frame of SASL. */
    void writeSasl(Object body) {
        write(Amqp10.FRAME_SASL, 0, body);
    }

    /** Writes a frame without payload. */
    void write(int channel, FrameBody body) {
        write(Amqp10.FRAME_AMQP, channel, body);
    }

    /** Writes a frame without a body, so that the client hears of us. */
    void writeEmpty() {
        write(Amqp10.FRAME_AMQP, 0, null);
    }

    private void write(int type, int channel, @Nullable Object body) {
        ByteBuffer encoded = body == null ? NOTHING : codec.encode(body);
        int size = Amqp10.FRAME_HEADER_BYTES + encoded.remaining();
        Amqp10.frameHeader(output.begin(size), size, type, channel).put(encoded);
    }
}
