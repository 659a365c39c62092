package io.chasqui.server.proton;

import io.chasqui.protocol.amqp10.MalformedException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import org.apache.qpid.proton.codec.AMQPDefinedTypes;
import org.apache.qpid.proton.codec.DecoderImpl;
import org.apache.qpid.proton.codec.EncoderImpl;
import org.jspecify.annotations.Nullable;

/** Values to octets and back, performatives among them. One for a connection; its thread's. */
public final class ProtonCodec {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int SMALLEST_SCRATCH = 512;

    private final DecoderImpl decoder = new DecoderImpl();
    private final EncoderImpl encoder = new EncoderImpl(decoder);
    private ByteBuffer scratch = ByteBuffer.allocate(SMALLEST_SCRATCH);

    public ProtonCodec() {
        AMQPDefinedTypes.registerAllTypes(decoder, encoder);
    }

    /**
     * Decodes the value at {@code at}, which has at most so many octets.
     *
     * @throws MalformedException if there is none
     */
    public @Nullable Object read(ByteBuffer in, int at, int size) {
        decoder.setByteBuffer(in.duplicate().limit(at + size).position(at));
        try {
            return decoder.readObject();
        } catch (RuntimeException e) {
            // Of many types; the codec leaves it to the values that it meets.
            throw new MalformedException(String.valueOf(e.getMessage()));
        } finally {
            decoder.setByteBuffer(NOTHING);
        }
    }

    /** Encodes a value; what it became lies from 0 to the limit, until the next. */
    public ByteBuffer encode(Object value) {
        while (true) {
            scratch.clear();
            encoder.setByteBuffer(scratch);
            try {
                encoder.writeObject(value);
                return scratch.flip();
            } catch (BufferOverflowException | IndexOutOfBoundsException _) {
                scratch = ByteBuffer.allocate(scratch.capacity() * 2);
            }
        }
    }
}
