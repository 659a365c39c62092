package io.chasqui.server.amqp091;

import io.chasqui.core.session.DirectReplies;
import io.chasqui.protocol.amqp091.BasicProperty;
import io.chasqui.protocol.amqp091.ContentHeader;
import io.chasqui.protocol.amqp091.DeliverWriter;
import java.nio.ByteBuffer;

/** The reply-to of the messages that one channel publishes. */
final class ReplyTo {

    private static final byte[] PSEUDO_QUEUE =
            DeliverWriter.shortString(DirectReplies.PSEUDO_QUEUE);

    private final DirectReplies replies;
    private String address = "";
    private byte[] addressOctets = new byte[0];

    ReplyTo(DirectReplies replies) {
        this.replies = replies;
    }

    /** Whether the message wants its replies to come directly to its channel. Makes no object. */
    boolean isAskedFor(ByteBuffer head, int at) {
        int found = ContentHeader.propertyAt(head, at, BasicProperty.REPLY_TO);
        if (found < 0) {
            return false;
        }
        for (int i = 0; i < PSEUDO_QUEUE.length; i++) {
            if (head.get(found + i) != PSEUDO_QUEUE[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * What receivers see in its place, as a short string with its size octet.
     *
     * @throws io.chasqui.core.refusal.Refusal.PreconditionFailed if nobody consumes the replies
     */
    byte[] address() {
        String current = replies.address();
        if (!current.equals(address)) {
            address = current;
            addressOctets = DeliverWriter.shortString(current);
        }
        return addressOctets;
    }
}
