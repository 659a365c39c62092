package io.chasqui.server.amqp10;

import io.chasqui.protocol.amqp10.Amqp10;
import io.chasqui.protocol.amqp10.TypeCode;
import io.chasqui.server.net.OutputBuffer;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import org.apache.qpid.proton.amqp.transport.FrameBody;
import org.apache.qpid.proton.codec.AMQPDefinedTypes;
import org.apache.qpid.proton.codec.DecoderImpl;
import org.apache.qpid.proton.codec.EncoderImpl;
import org.jspecify.annotations.Nullable;

/**
 * Performatives to octets and back, with proton-j's codec, and protocol headers. One for a connection;
 * its thread's.
 */
final class FrameCodec {

    /** How a close begins, as everybody encodes it. */
    static final byte[] CLOSE = {TypeCode.DESCRIBED, TypeCode.SMALL_ULONG, 0x18};

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int DATA_OFFSET = 2;
    private static final int SMALLEST_SCRATCH = 512;

    private final DecoderImpl decoder = new DecoderImpl();
    private final EncoderImpl encoder = new EncoderImpl(decoder);
    private ByteBuffer scratch = ByteBuffer.allocate(SMALLEST_SCRATCH);
    private final OutputBuffer output;

    /**
     * @param output to write to
     */
    FrameCodec(OutputBuffer output) {
        this.output = output;
        AMQPDefinedTypes.registerAllTypes(decoder, encoder);
    }

    /**
     * Decodes the performative of a frame's body.
     *
     * @throws Amqp10Error if it is none
     */
    Object read(ByteBuffer in, int at, int size) {
        ByteBuffer body = in.duplicate().limit(at + size).position(at);
        decoder.setByteBuffer(body);
        try {
            Object performative = decoder.readObject();
            if (performative == null) {
                throw Amqp10Error.decode("a frame without a performative");
            }
            return performative;
        } catch (Amqp10Error error) {
            throw error;
        } catch (RuntimeException e) {
            // Of many types; the codec leaves it to the values that it meets.
            throw Amqp10Error.decode(String.valueOf(e.getMessage()));
        } finally {
            decoder.setByteBuffer(NOTHING);
        }
    }

    /**
     * Decodes a value that was found well-formed, such as the state of a delivery.
     *
     * @throws Amqp10Error if it is of a type that cannot be
     */
    @Nullable Object value(ByteBuffer in, int at, int size) {
        decoder.setByteBuffer(in.duplicate().limit(at + size).position(at));
        try {
            return decoder.readObject();
        } catch (RuntimeException e) {
            throw Amqp10Error.decode(String.valueOf(e.getMessage()));
        } finally {
            decoder.setByteBuffer(NOTHING);
        }
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
        int size = body == null ? 0 : encode(body);
        ByteBuffer out = output.begin(Amqp10.FRAME_HEADER_BYTES + size);
        out.putInt(Amqp10.FRAME_HEADER_BYTES + size)
                .put((byte) DATA_OFFSET)
                .put((byte) type)
                .putShort((short) channel)
                .put(scratch.array(), 0, size);
    }

    private int encode(Object body) {
        while (true) {
            scratch.clear();
            encoder.setByteBuffer(scratch);
            try {
                encoder.writeObject(body);
                return scratch.position();
            } catch (BufferOverflowException | IndexOutOfBoundsException _) {
                scratch = ByteBuffer.allocate(scratch.capacity() * 2);
            }
        }
    }
}
