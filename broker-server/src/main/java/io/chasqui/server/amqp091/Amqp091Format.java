package io.chasqui.server.amqp091;

import io.chasqui.core.message.MessageFormat;
import io.chasqui.protocol.amqp091.ContentHeader;
import io.chasqui.protocol.amqp091.FieldTableReader;
import java.nio.ByteBuffer;
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
    public @Nullable Object header(ByteBuffer image, int at, int length, String name) {
        int headers = ContentHeader.headersAt(image, at);
        if (headers < 0) {
            return null;
        }
        int end = headers + ContentHeader.headersSize(image, at);
        int found = FieldTableReader.find(image, headers, end, name);
        return found < 0 ? null : ArgumentTables.plain(FieldTableReader.valueAt(image, found));
    }

    @Override
    public long bodyBytes(ByteBuffer image, int at, int length) {
        return ContentHeader.bodySize(image, at);
    }
}
