package io.chasqui.server.amqp091;

import io.chasqui.core.message.Death;
import io.chasqui.core.message.HeaderCursor;
import io.chasqui.core.message.MessageFormat;
import io.chasqui.core.message.MessageProperty;
import io.chasqui.core.message.OwnMessage;
import io.chasqui.protocol.amqp091.BasicProperty;
import io.chasqui.protocol.amqp091.ContentHeader;
import io.chasqui.protocol.amqp091.FieldTableCursor;
import io.chasqui.protocol.amqp091.HeaderFields;
import io.chasqui.server.conversion.AnnotationHeaders;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of a message as 0-9-1 sends it, without frame envelopes: the payload of its content
 * header, then its body.
 *
 * <pre>
 *   | class:2 | weight:2 | body-size:8 | flags:2 | properties | body |      0-9-1 §4.2.6.1
 *   |&lt;----------------- content header ------------------&gt;|
 * </pre>
 */
final class Amqp091Format implements MessageFormat {

    /** Its number in stored messages. */
    static final int TAG = 1;

    static final Amqp091Format INSTANCE = new Amqp091Format();

    private Amqp091Format() {}

    @Override
    public int tag() {
        return TAG;
    }

    @Override
    public HeaderCursor headers(ByteBuffer image, int at) {
        int headers = ContentHeader.headersAt(image, at);
        if (headers < 0) {
            return HeaderCursor.NONE;
        }
        return new Headers(
                new FieldTableCursor(
                        image, headers, headers + ContentHeader.headersSize(image, at)));
    }

    private record Headers(FieldTableCursor fields) implements HeaderCursor {

        @Override
        public boolean next() {
            return fields.next();
        }

        @Override
        public String name() {
            return fields.name();
        }

        @Override
        public @Nullable Object value() {
            return ArgumentTables.plain(fields.value());
        }
    }

    @Override
    public @Nullable String property(ByteBuffer image, int at, MessageProperty property) {
        return switch (property) {
            case CORRELATION_ID -> text(image, at, BasicProperty.CORRELATION_ID);
            case MESSAGE_ID -> text(image, at, BasicProperty.MESSAGE_ID);
            case TIMESTAMP -> {
                int found = ContentHeader.propertyAt(image, at, BasicProperty.TIMESTAMP);
                yield found < 0 ? null : Long.toUnsignedString(image.getLong(found));
            }
        };
    }

    @Override
    public Map<String, @Nullable Object> properties(ByteBuffer image, int at) {
        return PropertyTables.of(image, at);
    }

    @Override
    public ByteBuffer head(OwnMessage message, long bodyBytes) {
        return PropertyTables.head(message, bodyBytes);
    }

    private static @Nullable String text(ByteBuffer image, int at, BasicProperty property) {
        return ContentHeader.text(image, at, property).orElse(null);
    }

    @Override
    public boolean hasCopies(ByteBuffer image, int at) {
        return CarbonCopies.any(image, at);
    }

    @Override
    public void addCopies(ByteBuffer image, int at, List<String> keys) {
        CarbonCopies.addKeys(image, at, keys);
    }

    @Override
    public long bodyBytes(ByteBuffer image, int at, int length) {
        return ContentHeader.bodySize(image, at);
    }

    @Override
    public boolean isPersistent(ByteBuffer image, int at) {
        return ContentHeader.deliveryMode(image, at) == PublishedProperties.PERSISTENT;
    }

    @Override
    public ByteBuffer withDeath(
            ByteBuffer image, int at, int headLength, Death death, boolean known) {
        return DeathHeaders.add(image, at, headLength, death, known);
    }

    @Override
    public ByteBuffer withAnnotations(
            ByteBuffer image, int at, int headLength, ByteBuffer annotations) {
        HeaderFields fields = HeaderFields.of(image, at);
        AnnotationHeaders.of(annotations).forEach(fields::put);
        return fields.copy(image, at, headLength, null);
    }

    @Override
    public List<Death.Past> deaths(ByteBuffer image, int at) {
        return DeathHeaders.read(image, at);
    }
}
