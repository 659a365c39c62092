package io.chasqui.server.amqp10;

import io.chasqui.core.queue.Settlement;
import io.chasqui.protocol.amqp10.ValueWriter;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.transport.Flow;

/** The link that the answers of the management node go out on; settled as they are sent. */
final class ManagementReplies implements LinkEndpoint {

    /** Answers that may wait for the client to take them: so many, and so many octets behind the first. */
    private static final int MOST_WAITING = 256;

    private static final int MOST_WAITING_BYTES = 16 * 1024 * 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Attachment attachment;
    private final SessionEndpoint session;
    private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private int deliveryCount;
    private int limit;
    private boolean drain;

    /** Whether the client is to hear of the link's state in its turn. */
    private boolean stateDue;

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
            int messages = (int) Math.min(credit.longValue(), OutgoingLink.MOST_CREDIT);
            limit = (count == null ? 0 : count.intValue()) + messages;
            sendWaiting();
        }
        drain |= flow.getDrain();
        if ((drain || flow.getEcho()) && !stateDue) {
            stateDue = true;
            session.outgoing().behindDeliveries(attachment, this::tellState);
        }
    }

    private void tellState() {
        stateDue = false;
        if (!attachment.isAttached()) {
            return;
        }
        if (drain && limit - deliveryCount > 0) {
            deliveryCount = limit;
        }
        Flow state = session.newFlow();
        state.setHandle(attachment.handle());
        state.setDeliveryCount(UnsignedInteger.valueOf(deliveryCount));
        state.setLinkCredit(UnsignedInteger.valueOf(Math.max(0, limit - deliveryCount)));
        state.setDrain(drain);
        drain = false;
        session.send(state);
    }

    /** Sends an answer, now or when there is credit for it. */
    void send(ValueWriter message) {
        if (!attachment.isAttached()) {
            return;
        }
        byte[] octets = message.toArray();
        boolean full =
                waiting.size() == MOST_WAITING || waitingBytes + octets.length > MOST_WAITING_BYTES;
        if (full && !waiting.isEmpty()) {
            session.fail(
                    this,
                    Amqp10Error.link(
                            Amqp10Error.RESOURCE_LIMIT, "answers of the management node pile up"));
            return;
        }
        waiting.add(octets);
        waitingBytes += octets.length;
        sendWaiting();
    }

    @Override
    public void resume() {
        sendWaiting();
    }

    private boolean mayGoOut() {
        return limit - deliveryCount > 0
                && session.outgoing().isOpen()
                && session.wire().writable();
    }

    private void sendWaiting() {
        while (!waiting.isEmpty() && mayGoOut()) {
            byte[] message = waiting.remove();
            waitingBytes -= message.length;
            int frameMax = session.wire().frameMax();
            int frames = TransferFrames.count(TransferFrames.NO_STATE, message.length, frameMax);
            OutgoingWindow window = session.outgoing();
            ByteBuffer out =
                    window.begin(
                            attachment,
                            frames,
                            TransferFrames.bytes(TransferFrames.NO_STATE, frames, message.length));
            TransferFrames.write(
                    out,
                    session.localChannel(),
                    attachment.handle().intValue(),
                    session.deliveries().newSettledId(),
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
        session.outgoing().forget(attachment);
        waiting.clear();
        waitingBytes = 0;
    }
}
