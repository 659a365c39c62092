package io.chasqui.protocol.amqp091;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A field table (0-9-1 §4.2.5.5): an immutable, ordered map of names to values.
 *
 * <p>It keeps the octets it was read from, checked once, and decodes a value when it is asked for.
 * So a table costs the octets that arrived and no more, it is written back exactly as it came, and
 * names chosen to collide in a hash map harm nobody.
 *
 * <p>Values by type octet (errata):
 *
 * <pre>
 *   t Boolean    b Byte    B UnsignedByte    s Short    u UnsignedShort    I Integer
 *   i UnsignedInt    l, L Long    f Float    d Double    D BigDecimal    T Timestamp
 *   S String, or LongString when it is not UTF-8    x Binary
 *   A List    F FieldTable    V null
 * </pre>
 *
 * A name that occurs twice counts with its first value, as RabbitMQ looks names up.
 */
public final class FieldTable {

    /**
     * How deep tables and arrays may nest. RabbitMQ has no bound (18,000 were tried); the bound keeps
     * recursion over a table, here and in every user of its values, far from the end of the stack.
     */
    public static final int MAX_DEPTH = 64;

    public static final FieldTable EMPTY = new FieldTable(ByteBuffer.allocate(0), 0, 0);

    /** Never repositioned: all access is absolute. */
    private final ByteBuffer octets;

    private final int from;
    private final int to;

    /** A table over checked entries; nobody else may change these octets. */
    FieldTable(ByteBuffer octets, int from, int to) {
        this.octets = octets;
        this.from = from;
        this.to = to;
    }

    public static FieldTable of(String name, @Nullable Object value) {
        return builder().put(name, value).build();
    }

    public static FieldTable of(
            String name1, @Nullable Object value1, String name2, @Nullable Object value2) {
        return builder().put(name1, value1).put(name2, value2).build();
    }

    /** A table in the order of the map. */
    public static FieldTable of(Map<String, ? extends @Nullable Object> fields) {
        Builder builder = builder();
        fields.forEach(builder::put);
        return builder.build();
    }

    public static Builder builder() {
        return new Builder();
    }

    public boolean isEmpty() {
        return from == to;
    }

    /** Fields on the wire, a repeated name counted each time. */
    public int size() {
        int count = 0;
        for (int at = from; at < to; at = FieldScan.endOfValue(octets, valueAt(at))) {
            count++;
        }
        return count;
    }

    public boolean contains(String name) {
        return FieldTableReader.find(octets, from, to, name) >= 0;
    }

    /** The value of the name; null if the table has no such name, or holds a void there. */
    public @Nullable Object get(String name) {
        int at = FieldTableReader.find(octets, from, to, name);
        return at < 0 ? null : FieldTableReader.valueWithin(octets, at);
    }

    /** Calls the visitor with every field in order, repeated names included. */
    public void forEach(BiConsumer<String, @Nullable Object> visitor) {
        int at = from;
        while (at < to) {
            int valueAt = valueAt(at);
            String name = Utf8.decodeLossy(octets, at + 1, valueAt - at - 1);
            visitor.accept(name, FieldTableReader.valueWithin(octets, valueAt));
            at = FieldScan.endOfValue(octets, valueAt);
        }
    }

    /** A read-only map in the table's order, the first value of each name. */
    public Map<String, @Nullable Object> asMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        forEach((name, value) -> {
            if (!map.containsKey(name)) {
                map.put(name, value);
            }
        });
        return Collections.unmodifiableMap(map);
    }

    /** Octets of the entries, the size field in front of them not counted. */
    public int entriesSize() {
        return to - from;
    }

    void writeEntries(ByteBuffer out) {
        out.put(out.position(), octets, from, to - from);
        out.position(out.position() + to - from);
    }

    private int valueAt(int entryAt) {
        return entryAt + 1 + (octets.get(entryAt) & 0xFF);
    }

    /** Tables are equal as maps are, whatever their order. */
    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof FieldTable that && asMap().equals(that.asMap()));
    }

    @Override
    public int hashCode() {
        return asMap().hashCode();
    }

    @Override
    public String toString() {
        return asMap().toString();
    }

    /** Collects fields in order; a name put twice keeps its place and takes the last value. */
    public static final class Builder {

        private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

        private Builder() {}

        public Builder put(String name, @Nullable Object value) {
            fields.put(name, value);
            return this;
        }

        /**
         * @throws IllegalArgumentException if a name is longer than a short string, or a value is of
         *     no type a table can hold
         */
        public FieldTable build() {
            return fields.isEmpty() ? EMPTY : FieldTableWriter.encode(fields);
        }
    }
}
