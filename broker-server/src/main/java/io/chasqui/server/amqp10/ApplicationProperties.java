package io.chasqui.server.amqp10;

import io.chasqui.core.message.HeaderCursor;
import io.chasqui.protocol.amqp10.Values;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads the application-properties of a message one after the other, where they lie (1.0 §3.2.5). */
final class ApplicationProperties implements HeaderCursor {

    private final ByteBuffer in;
    private int left;
    private int next;
    private int keyAt;
    private int valueAt;

    /**
     * @param map where the section's map stands
     */
    ApplicationProperties(ByteBuffer in, int map) {
        this.in = in;
        this.left = Values.count(in, map) / 2;
        this.next = Values.elementsAt(in, map);
    }

    @Override
    public boolean next() {
        while (left > 0) {
            left--;
            keyAt = next;
            valueAt = Values.end(in, keyAt, in.capacity());
            next = Values.end(in, valueAt, in.capacity());
            if (Values.isText(in, keyAt)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String name() {
        return Values.text(in, keyAt);
    }

    @Override
    public @Nullable Object value() {
        return PlainValues.INSTANCE.read(in, valueAt);
    }
}
