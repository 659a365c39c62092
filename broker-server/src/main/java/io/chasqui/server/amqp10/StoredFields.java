package io.chasqui.server.amqp10;

import io.chasqui.core.message.StoredMessage;
import io.chasqui.protocol.amqp10.MessageSections;
import io.chasqui.protocol.amqp10.TypeCode;
import io.chasqui.protocol.amqp10.ValueWriter;
import io.chasqui.protocol.amqp10.Values;
import io.chasqui.server.amqp10.filter.Field;
import io.chasqui.server.amqp10.filter.MessageFields;
import io.chasqui.server.amqp10.filter.Octets;
import io.chasqui.server.conversion.DeliveryCounts;
import io.chasqui.server.conversion.ToAmqp10;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A stored message as filters see it; one of 0-9-1 as 1.0 would have it. Reused for every message, by
 * one thread at a time.
 *
 * <p>What a filter asks for is looked for anew each time. So that no message can hold its queue's event loop,
 * one with more than {@link #MOST_OCTETS} in front of its body looks as if it had nothing there.
 */
final class StoredFields implements MessageFields {

    /** Of header, annotations, properties and application-properties together. */
    static final int MOST_OCTETS = 64 * 1024;

    private static final long DEFAULT_PRIORITY = 4;

    private final LongSupplier wallMs;
    private final MessageSections sections = new MessageSections();
    private final ValueWriter converted = new ValueWriter();
    private ByteBuffer in = ByteBuffer.allocate(0);

    StoredFields(LongSupplier wallMs) {
        this.wallMs = wallMs;
    }

    /** Looks at the record at {@code at}. */
    void look(ByteBuffer record, int at) {
        if (StoredMessage.format(record, at) == Amqp10Format.TAG) {
            int image = StoredMessage.imageAt(record, at);
            scan(record, Amqp10Format.sectionsAt(image), Amqp10Format.bodyAt(record, image));
        } else {
            converted.clear();
            int unused = ToAmqp10.write(converted, record, at, false, DeliveryCounts.NONE);
            scan(converted.memory(), 0, converted.size());
        }
    }

    private void scan(ByteBuffer head, int from, int end) {
        in = head;
        sections.scanHead(head, from, end - from > MOST_OCTETS ? from : end);
    }

    @Override
    public @Nullable Object field(Field field) {
        int section =
                switch (field.section()) {
                    case HEADER -> MessageSections.HEADER;
                    case PROPERTIES -> MessageSections.PROPERTIES;
                };
        int list = sections.value(section);
        Object value = list < 0 ? null : value(Values.element(in, list, field.index()));
        return value == null ? otherwise(field) : value;
    }

    private static @Nullable Object otherwise(Field field) {
        return switch (field) {
            case PRIORITY -> DEFAULT_PRIORITY;
            case DURABLE -> false;
            default -> null;
        };
    }

    @Override
    public @Nullable Object applicationProperty(String name) {
        int map = sections.value(MessageSections.APPLICATION_PROPERTIES);
        return map < 0 ? null : value(Values.entry(in, map, name));
    }

    private @Nullable Object value(int at) {
        if (at < 0) {
            return null;
        }
        int code = in.get(at) & 0xFF;
        if (code == TypeCode.FLOAT) {
            return (double) in.getFloat(at + 1);
        }
        if (code == TypeCode.DOUBLE) {
            return in.getDouble(at + 1);
        }
        if (Values.isText(in, at)) {
            return Values.text(in, at);
        }
        if (Values.isBoolean(in, at)) {
            return Values.isTrue(in, at);
        }
        if (Values.isInteger(in, at)) {
            return Values.integer(in, at);
        }
        if (Values.isUuid(in, at)) {
            return new UUID(in.getLong(at + 1), in.getLong(at + 9));
        }
        return Values.isBinary(in, at) ? new Octets(Values.octets(in, at)) : null;
    }

    @Override
    public long nowMs() {
        return wallMs.getAsLong();
    }
}
