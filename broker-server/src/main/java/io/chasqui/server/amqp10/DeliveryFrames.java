package io.chasqui.server.amqp10;

import io.chasqui.protocol.amqp10.DispositionReader;
import io.chasqui.protocol.amqp10.FrameCursor;
import io.chasqui.protocol.amqp10.MalformedException;
import io.chasqui.protocol.amqp10.Performative;
import io.chasqui.protocol.amqp10.TransferReader;
import java.nio.ByteBuffer;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.jspecify.annotations.Nullable;

/**
 * Transfers and dispositions, nearly all the frames of a busy connection: read by hand, so that they
 * cost no objects. What they mean is for their session.
 */
final class DeliveryFrames {

    private final FrameCodec codec;
    private final TransferReader transfer = new TransferReader();
    private final DispositionReader disposition = new DispositionReader();

    DeliveryFrames(FrameCodec codec) {
        this.codec = codec;
    }

    /**
     * Hands on a frame that {@link Performative#of} knows.
     *
     * @throws Amqp10Error if it cannot be read, or the connection is to end because of it
     */
    void handle(int kind, FrameCursor found, ByteBuffer in, SessionEndpoint session) {
        int at = found.bodyAt();
        int end = at + found.bodySize();
        try {
            if (kind == Performative.TRANSFER) {
                transfer.read(in, at, end);
                session.handle(transfer, in, end - transfer.payloadAt());
            } else {
                disposition.read(in, at, end);
                session.handle(disposition, outcome(in));
            }
        } catch (MalformedException e) {
            throw Amqp10Error.decode(e.text());
        }
    }

    private @Nullable DeliveryState outcome(ByteBuffer in) {
        if (disposition.accepted()) {
            return Accepted.getInstance();
        }
        int at = disposition.stateAt();
        if (at == DispositionReader.MISSING) {
            return null;
        }
        return codec.value(in, at, disposition.stateLength()) instanceof DeliveryState state
                ? state
                : null;
    }
}
