package io.chasqui.server.amqp091;

import io.chasqui.core.message.StoredMessage;
import io.chasqui.protocol.amqp091.BasicProperties;
import io.chasqui.protocol.amqp091.ContentHeader;
import io.chasqui.protocol.amqp091.HeaderFields;
import io.chasqui.server.conversion.ToAmqp091;
import java.nio.ByteBuffer;

/**
 * Where the parts of a stored message lie that is being delivered. Reused for every one, so that
 * delivering makes no object.
 */
final class DeliveredMessage {

    private static final String ACQUIRED_COUNT = "x-acquired-count";
    private static final String DELIVERY_COUNT = "x-delivery-count";

    private ByteBuffer record = ByteBuffer.allocate(0);
    private int namesAt;
    private int namesLength;
    private ByteBuffer head = record;
    private int headAt;
    private int headLength;
    private ByteBuffer body = record;
    private int bodyAt;
    private int bodyLength;

    /** Looks at the record at {@code at}. */
    DeliveredMessage read(ByteBuffer memory, int at) {
        record = memory;
        namesAt = StoredMessage.namesAt(memory, at);
        namesLength = StoredMessage.namesLength(memory, at);
        if (StoredMessage.format(memory, at) != Amqp091Format.TAG) {
            convert(ToAmqp091.of(memory, at));
            return this;
        }
        int imageAt = namesAt + namesLength;
        body = memory;
        bodyLength = (int) ContentHeader.bodySize(memory, imageAt);
        headLength = StoredMessage.imageLength(memory, at) - bodyLength;
        head = memory;
        headAt = imageAt;
        bodyAt = imageAt + headLength;
        return this;
    }

    private void convert(ToAmqp091 converted) {
        head = converted.head();
        headAt = 0;
        headLength = head.limit();
        body = converted.body();
        bodyAt = converted.bodyAt();
        bodyLength = converted.bodyLength();
    }

    /**
     * Has its headers tell how often it was given out before in vain, as RabbitMQ's quorum queues do;
     * makes objects, unless it was not.
     *
     * @param acquired how often it was given out
     * @param failures how often clients failed with it
     */
    void tellCounts(int acquired, int failures) {
        if (acquired == 0) {
            return;
        }
        HeaderFields fields = HeaderFields.of(head, headAt).put(ACQUIRED_COUNT, (long) acquired);
        if (failures > 0) {
            fields.put(DELIVERY_COUNT, (long) failures);
        }
        head = fields.copy(head, headAt, headLength, null);
        headAt = 0;
        headLength = head.capacity();
    }

    /** A copy of its properties, with the counts if they were told. */
    BasicProperties properties() {
        return BasicProperties.read(head, headAt, headLength);
    }

    /** A copy of its body. */
    byte[] body() {
        byte[] octets = new byte[bodyLength];
        body.get(bodyAt, octets);
        return octets;
    }

    ByteBuffer memory() {
        return record;
    }

    int namesAt() {
        return namesAt;
    }

    int namesLength() {
        return namesLength;
    }

    int contentSize(int frameMax) {
        return MessageFrames.size(headLength, bodyLength, frameMax);
    }

    void writeContent(ByteBuffer out, int channel, int frameMax) {
        MessageFrames.write(
                out, channel, head, headAt, headLength, body, bodyAt, bodyLength, frameMax);
    }
}
