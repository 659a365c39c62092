package io.chasqui.server.amqp10;

import io.chasqui.core.message.StoredMessage;
import io.chasqui.protocol.amqp10.MessageSections;
import io.chasqui.protocol.amqp10.ValueWriter;
import io.chasqui.protocol.amqp10.Values;
import io.chasqui.server.conversion.DeliveryCounts;
import io.chasqui.server.conversion.ToAmqp10;
import java.nio.ByteBuffer;
import java.util.Set;

/**
 * A stored message as it goes out: its header and annotations written anew, with what the broker knows,
 * and the rest as it lies in the store. Reused for every message.
 */
final class OutgoingMessage {

    private static final String EXCHANGE = "x-exchange";
    private static final String ROUTING_KEY = "x-routing-key";
    private static final Set<String> OURS =
            Set.of(EXCHANGE, ROUTING_KEY, DeliveryCounts.ACQUIRED, DeliveryCounts.FAILED);

    private static final int DURABLE = 0;
    private static final int PRIORITY = 1;
    private static final int TTL = 2;
    private static final int DELIVERY_COUNT = 4;
    private static final int HEADER_FIELDS = 5;

    private final MessageSections sections = new MessageSections();
    private final ValueWriter head = new ValueWriter();
    private int restAt;
    private int restLength;

    /**
     * Looks at the record at {@code at}.
     *
     * @param counts of a message that was given out before
     */
    void read(ByteBuffer record, int at, boolean redelivered, DeliveryCounts counts) {
        head.clear();
        int image = StoredMessage.imageAt(record, at);
        int end = image + StoredMessage.imageLength(record, at);
        if (StoredMessage.format(record, at) == Amqp10Format.TAG) {
            int from = Amqp10Format.sectionsAt(image);
            sections.scanHead(record, from, Amqp10Format.bodyAt(record, image));
            header(record, redelivered, counts.failures());
            annotations(record, at, counts);
            restAt = sections.bareAt();
        } else {
            restAt = ToAmqp10.write(head, record, at, redelivered, counts);
        }
        restLength = end - restAt;
    }

    private void header(ByteBuffer in, boolean redelivered, int failures) {
        int header = sections.value(MessageSections.HEADER);
        int counted = field(in, header, DELIVERY_COUNT);
        long deliveries = failures + (counted < 0 ? 0 : Values.integer(in, counted));
        head.described(MessageSections.HEADER);
        int list = head.beginList();
        head.bool(Values.isTrue(in, field(in, header, DURABLE)));
        copy(in, field(in, header, PRIORITY));
        copy(in, field(in, header, TTL));
        head.bool(!redelivered);
        head.uint(deliveries);
        head.end(list, HEADER_FIELDS);
    }

    private static int field(ByteBuffer in, int list, int field) {
        return list < 0 ? -1 : Values.element(in, list, field);
    }

    private void copy(ByteBuffer in, int at) {
        if (at < 0) {
            head.putNull();
        } else {
            head.copy(in, at, Values.end(in, at, in.capacity()) - at);
        }
    }

    private void annotations(ByteBuffer record, int at, DeliveryCounts counts) {
        head.described(MessageSections.MESSAGE_ANNOTATIONS);
        int map = head.beginMap();
        int given = sections.value(MessageSections.MESSAGE_ANNOTATIONS);
        int count = AnnotationCopy.copyWithout(head, record, given, OURS);
        int exchange = StoredMessage.namesAt(record, at);
        int key = exchange + 1 + (record.get(exchange) & 0xFF);
        name(EXCHANGE, record, exchange);
        name(ROUTING_KEY, record, key);
        int counted = counts.annotate(head);
        head.end(map, count + 4 + counted);
    }

    /** An annotation with the short string at {@code at}, which 1.0 encodes likewise. */
    private void name(String annotation, ByteBuffer record, int at) {
        head.symbol(annotation).shortString(record, at);
    }

    ByteBuffer head() {
        return head.memory();
    }

    int headLength() {
        return head.size();
    }

    /** Where in the record the rest begins. */
    int restAt() {
        return restAt;
    }

    int restLength() {
        return restLength;
    }
}
