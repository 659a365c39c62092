package io.chasqui.server.amqp10;

import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.transport.Flow;

/** How many messages a client may still send on a link (1.0 §2.6.7): renewed when half is used. */
final class IncomingCredit {

    private final Attachment attachment;
    private final int most;
    private int deliveryCount;
    private int left;

    /** Whether the client was told that it may send none; what was on its way by then is taken. */
    private boolean withheld;

    /**
     * @param most messages that a client may send before it hears of more
     */
    IncomingCredit(Attachment attachment, int most) {
        this.attachment = attachment;
        this.most = most;
        UnsignedInteger begins = attachment.asked().getInitialDeliveryCount();
        this.deliveryCount = begins == null ? 0 : begins.intValue();
    }

    boolean isEmpty() {
        return left == 0;
    }

    /** A delivery came in whole. */
    void use() {
        deliveryCount++;
        left--;
    }

    /** Tells the client that it may send none for the time being. */
    void withhold() {
        if (!withheld && left > 0) {
            withheld = true;
            tell();
        }
    }

    /** Tells the client that it may send as many as ever, if half of that is used, or withheld. */
    void renewIfDue() {
        if (withheld || left <= most / 2) {
            withheld = false;
            left = most;
            tell();
        }
    }

    /** Answers a client that asks. */
    void flow(Flow asked) {
        if (asked.getEcho() && attachment.isAttached()) {
            tell();
        }
    }

    private void tell() {
        Flow flow = attachment.session().newFlow();
        flow.setHandle(attachment.handle());
        flow.setDeliveryCount(UnsignedInteger.valueOf(deliveryCount));
        flow.setLinkCredit(UnsignedInteger.valueOf(withheld ? 0 : left));
        attachment.session().send(flow);
    }
}
