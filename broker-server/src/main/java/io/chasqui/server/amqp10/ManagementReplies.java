package io.chasqui.server.amqp10;

import io.chasqui.core.queue.Settlement;
import io.chasqui.protocol.amqp10.ValueWriter;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.transport.Flow;

/** The link that the answers of the management node go out on; settled as they are sent. */
final class ManagementReplies implements LinkEndpoint {

    /** Answers that may wait for credit. */
    private static final int MOST_WAITING = 256;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Attachment attachment;
    private final SessionEndpoint session;
    private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
    private int deliveryCount;
    private int limit;

    ManagementReplies(Attachment attachment) {
        this.attachment = attachment;
        this.session = attachment.session();
    }

    @Override
    public Attachment attachment() {
        return attachment;
    }

    @Override
    public void begin() {
        attachment.link().setSource(attachment.asked().getSource());
        attachment.link().setTarget(attachment.asked().getTarget());
        attachment.accept();
    }

    @Override
    public void flow(Flow flow) {
        UnsignedInteger credit = flow.getLinkCredit();
        if (credit != null) {
            UnsignedInteger count = flow.getDeliveryCount();
            limit = (count == null ? 0 : count.intValue()) + credit.intValue();
            sendWaiting();
        }
        if (flow.getDrain()) {
            deliveryCount = limit - deliveryCount > 0 ? limit : deliveryCount;
        }
        if ((flow.getDrain() || flow.getEcho()) && attachment.isAttached()) {
            Flow state = session.newFlow();
            state.setHandle(attachment.handle());
            state.setDeliveryCount(UnsignedInteger.valueOf(deliveryCount));
            state.setLinkCredit(UnsignedInteger.valueOf(Math.max(0, limit - deliveryCount)));
            state.setDrain(flow.getDrain());
            session.send(state);
        }
    }

    /** Sends an answer, now or when there is credit for it. */
    void send(ValueWriter message) {
        if (!attachment.isAttached()) {
            return;
        }
        if (waiting.size() == MOST_WAITING) {
            session.fail(
                    this,
                    Amqp10Error.link(
                            Amqp10Error.RESOURCE_LIMIT, "answers of the management node pile up"));
            return;
        }
        waiting.add(message.toArray());
        sendWaiting();
    }

    private void sendWaiting() {
        while (!waiting.isEmpty() && limit - deliveryCount > 0 && session.outgoing().isOpen()) {
            byte[] message = waiting.remove();
            int frameMax = session.wire().frameMax();
            int frames = TransferFrames.count(TransferFrames.NO_STATE, message.length, frameMax);
            OutgoingWindow window = session.outgoing();
            ByteBuffer out =
                    window.begin(
                            frames,
                            TransferFrames.bytes(TransferFrames.NO_STATE, frames, message.length));
            TransferFrames.write(
                    out,
                    session.localChannel(),
                    attachment.handle().intValue(),
                    window.settledDeliveryId(),
                    true,
                    TransferFrames.NO_STATE,
                    ByteBuffer.wrap(message),
                    message.length,
                    NOTHING,
                    0,
                    0,
                    frameMax);
            deliveryCount++;
        }
    }

    @Override
    public void unblocked() {}

    @Override
    public void close(Settlement unsettled) {
        waiting.clear();
    }
}
