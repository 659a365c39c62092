package io.chasqui.server.amqp10;

import io.chasqui.core.definition.Binary;
import io.chasqui.protocol.amqp10.ValueReader;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values of 1.0 as the plain ones that {@link io.chasqui.core.definition.Arguments} lists; unsigned
 * ones become the next larger type.
 */
final class PlainValues extends ValueReader {

    static final PlainValues INSTANCE = new PlainValues();

    private PlainValues() {}

    @Override
    protected Short unsignedByte(short value) {
        return value;
    }

    @Override
    protected Integer unsignedShort(int value) {
        return value;
    }

    @Override
    protected Long unsignedInt(long value) {
        return value;
    }

    @Override
    protected Instant timestamp(long ms) {
        return Instant.ofEpochMilli(ms);
    }

    @Override
    protected Binary binary(byte[] octets) {
        return Binary.of(octets);
    }

    @Override
    protected Binary decimal(byte[] octets) {
        return Binary.of(octets);
    }

    @Override
    protected Map<String, @Nullable Object> map(Map<String, @Nullable Object> entries) {
        return entries;
    }
}
