package io.chasqui.protocol.amqp091;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The header table of a message, taken apart to be changed: for what the broker itself adds to a
 * message. Fields that are not touched keep their octets; all are written by ascending name, as
 * RabbitMQ writes them then. Of fields with one name the first is kept.
 */
public final class HeaderFields {

    /** Whole fields with their names, as on the wire. */
    private final Map<String, byte[]> fields = new TreeMap<>();

    private HeaderFields() {}

    /** The fields of the checked content header at {@code at}; none if it has no header table. */
    public static HeaderFields of(ByteBuffer in, int at) {
        HeaderFields found = new HeaderFields();
        int from = ContentHeader.headersAt(in, at);
        if (from >= 0) {
            FieldTableCursor cursor =
                    new FieldTableCursor(in, from, from + ContentHeader.headersSize(in, at));
            while (cursor.next()) {
                byte[] octets = new byte[cursor.end() - cursor.fieldAt()];
                in.get(cursor.fieldAt(), octets);
                found.fields.putIfAbsent(cursor.name(), octets);
            }
        }
        return found;
    }

    /** The value of a field, see {@link FieldTable}; null if it is void or not there. */
    public @Nullable Object get(String name) {
        byte[] octets = fields.get(name);
        return octets == null
                ? null
                : FieldTableReader.valueAt(ByteBuffer.wrap(octets), 1 + (octets[0] & 0xFF));
    }

    public HeaderFields put(String name, Object value) {
        ByteBuffer table = ByteBuffer.allocate(FieldTableWriter.sizeOf(FieldTable.of(name, value)));
        FieldTableWriter.write(FieldTable.of(name, value), table);
        byte[] octets = new byte[table.capacity() - 4];
        table.get(4, octets);
        fields.put(name, octets);
        return this;
    }

    public HeaderFields remove(String name) {
        fields.remove(name);
        return this;
    }

    /**
     * A copy of a content header with these fields.
     *
     * @param size octets of the header at {@code at}
     * @param dropped a property to leave out, if it is there; null for none
     */
    public ByteBuffer copy(ByteBuffer in, int at, int size, @Nullable BasicProperty dropped) {
        int tableBytes = fields.values().stream().mapToInt(octets -> octets.length).sum();
        ByteBuffer out = ByteBuffer.allocate(size + 4 + tableBytes);
        int flags = ContentHeader.propertyFlags(in, at) | BasicProperty.HEADERS.flag();
        int begin = ContentHeader.PREFIX_SIZE + 2;
        out.put(0, in, at, begin)
                .putShort(
                        ContentHeader.PREFIX_SIZE,
                        (short) (dropped == null ? flags : flags & ~dropped.flag()))
                .position(begin);
        int headersAt = startOf(in, at, size, BasicProperty.HEADERS);
        copy(in, at + begin, headersAt, out);
        out.putInt(tableBytes);
        fields.values().forEach(out::put);
        int next = startOf(in, at, size, BasicProperty.DELIVERY_MODE);
        if (dropped != null && ContentHeader.has(in, at, dropped)) {
            int droppedAt = startOf(in, at, size, dropped);
            copy(in, next, droppedAt, out);
            next = ContentHeader.endOf(in, droppedAt, dropped);
        }
        copy(in, next, at + size, out);
        return out.flip().slice();
    }

    private static void copy(ByteBuffer in, int from, int to, ByteBuffer out) {
        out.put(out.position(), in, from, to - from).position(out.position() + to - from);
    }

    /** Where the property begins, or, if it is not there, the next one behind it. */
    private static int startOf(ByteBuffer in, int at, int size, BasicProperty first) {
        for (BasicProperty property : BasicProperty.values()) {
            if (property.compareTo(first) >= 0 && ContentHeader.has(in, at, property)) {
                return ContentHeader.propertyAt(in, at, property);
            }
        }
        return at + size;
    }
}
