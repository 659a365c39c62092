package io.chasqui.server.conversion;

import io.chasqui.protocol.amqp091.Binary;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.LongString;
import io.chasqui.protocol.amqp091.Timestamp;
import io.chasqui.protocol.amqp091.UnsignedByte;
import io.chasqui.protocol.amqp091.UnsignedInt;
import io.chasqui.protocol.amqp091.UnsignedShort;
import io.chasqui.protocol.amqp10.ValueReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values of 1.0 as field values of 0-9-1. What 0-9-1 has no type for becomes the nearest: a decimal its
 * octets, a time whole seconds; entries of a map whose keys are too long for a name are left out.
 */
final class ValuesToAmqp091 extends ValueReader {

    static final ValuesToAmqp091 INSTANCE = new ValuesToAmqp091();

    private static final int LONGEST_NAME = 255;
    private static final long MS_PER_S = 1000;

    private ValuesToAmqp091() {}

    /** Whether it fits the name of a field. */
    static boolean isName(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME;
    }

    @Override
    protected UnsignedByte unsignedByte(short value) {
        return new UnsignedByte(value);
    }

    @Override
    protected UnsignedShort unsignedShort(int value) {
        return new UnsignedShort(value);
    }

    @Override
    protected UnsignedInt unsignedInt(long value) {
        return new UnsignedInt(value);
    }

    @Override
    protected Timestamp timestamp(long ms) {
        return new Timestamp(ms / MS_PER_S);
    }

    @Override
    protected LongString binary(byte[] octets) {
        return LongString.of(octets);
    }

    @Override
    protected Binary decimal(byte[] octets) {
        return Binary.of(octets);
    }

    @Override
    protected FieldTable map(Map<String, @Nullable Object> entries) {
        FieldTable.Builder table = FieldTable.builder();
        entries.forEach((name, value) -> {
            if (isName(name)) {
                table.put(name, value);
            }
        });
        return table.build();
    }
}
