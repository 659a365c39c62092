package io.chasqui.server.amqp10;

import io.chasqui.core.message.Death;
import io.chasqui.core.message.HeaderCursor;
import io.chasqui.core.message.MessageFormat;
import io.chasqui.core.message.MessageProperty;
import io.chasqui.core.message.OwnMessage;
import io.chasqui.protocol.amqp10.MessageSections;
import io.chasqui.protocol.amqp10.Values;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of a message as 1.0 sends it (1.0 §3.2), octet for octet as it came, behind the length of
 * what comes before its body.
 *
 * <pre>
 *   | head octets:4 | header, annotations, properties, application-properties | body, footer |
 *   |&lt;--------------------------------- head ---------------------------------&gt;|
 * </pre>
 */
final class Amqp10Format implements MessageFormat {

    /** Its number in stored messages. */
    static final int TAG = 2;

    static final Amqp10Format INSTANCE = new Amqp10Format();

    /** Octets before the first section. */
    static final int PREFIX_BYTES = Integer.BYTES;

    private static final String COPIES = "x-cc";
    private static final int DURABLE = 0;
    private static final int MESSAGE_ID = 0;
    private static final int CORRELATION_ID = 5;
    private static final int CREATION_TIME = 9;
    private static final long MS_PER_S = 1000;

    private Amqp10Format() {}

    @Override
    public int tag() {
        return TAG;
    }

    /**
     * The head of an image.
     *
     * @param reused memory that may be used for it, if it is large enough
     * @param in memory with the sections before the body at {@code at}
     */
    static ByteBuffer head(ByteBuffer reused, ByteBuffer in, int at, int length) {
        int size = PREFIX_BYTES + length;
        ByteBuffer head =
                reused.capacity() >= size ? reused : ByteBuffer.allocate(Math.max(256, size));
        head.clear().putInt(length);
        head.put(PREFIX_BYTES, in, at, length);
        return head.position(0).limit(size);
    }

    /** Where the sections of the image at {@code at} begin. */
    static int sectionsAt(int at) {
        return at + PREFIX_BYTES;
    }

    /** Where the body of the image at {@code at} begins. */
    static int bodyAt(ByteBuffer image, int at) {
        return at + PREFIX_BYTES + image.getInt(at);
    }

    private static int section(ByteBuffer image, int at, int kind) {
        return MessageSections.find(image, sectionsAt(at), bodyAt(image, at), kind);
    }

    private static int field(ByteBuffer image, int at, int kind, int field) {
        int list = section(image, at, kind);
        return list < 0 ? -1 : Values.element(image, list, field);
    }

    @Override
    public HeaderCursor headers(ByteBuffer image, int at) {
        int map = section(image, at, MessageSections.APPLICATION_PROPERTIES);
        return map < 0 ? HeaderCursor.NONE : new ApplicationProperties(image, map);
    }

    @Override
    public @Nullable String property(ByteBuffer image, int at, MessageProperty property) {
        int field =
                switch (property) {
                    case MESSAGE_ID -> MESSAGE_ID;
                    case CORRELATION_ID -> CORRELATION_ID;
                    case TIMESTAMP -> CREATION_TIME;
                };
        int found = field(image, at, MessageSections.PROPERTIES, field);
        if (found < 0) {
            return null;
        }
        return property == MessageProperty.TIMESTAMP
                ? Long.toString(Values.integer(image, found) / MS_PER_S)
                : String.valueOf(PlainValues.INSTANCE.read(image, found));
    }

    @Override
    public Map<String, @Nullable Object> properties(ByteBuffer image, int at) {
        return MessageTables.properties(image, sectionsAt(at), bodyAt(image, at));
    }

    @Override
    public ByteBuffer head(OwnMessage message, long bodyBytes) {
        throw new IllegalStateException("messages of the broker's own are made as those of 0-9-1");
    }

    @Override
    public boolean hasCopies(ByteBuffer image, int at) {
        return copies(image, at) >= 0;
    }

    private static int copies(ByteBuffer image, int at) {
        int map = section(image, at, MessageSections.MESSAGE_ANNOTATIONS);
        int found = map < 0 ? -1 : Values.entry(image, map, COPIES);
        return found >= 0 && Values.isList(image, found) ? found : -1;
    }

    @Override
    public void addCopies(ByteBuffer image, int at, List<String> keys) {
        int list = copies(image, at);
        for (int i = 0; i < Values.count(image, list); i++) {
            int key = Values.element(image, list, i);
            if (key >= 0 && Values.isText(image, key)) {
                keys.add(Values.text(image, key));
            }
        }
    }

    @Override
    public long bodyBytes(ByteBuffer image, int at, int length) {
        return (long) length - PREFIX_BYTES - image.getInt(at);
    }

    @Override
    public boolean isPersistent(ByteBuffer image, int at) {
        return Values.isTrue(image, field(image, at, MessageSections.HEADER, DURABLE));
    }

    @Override
    public ByteBuffer withDeath(
            ByteBuffer image, int at, int headLength, Death death, boolean known) {
        return DeathAnnotations.add(image, at, death, known);
    }

    @Override
    public ByteBuffer withAnnotations(
            ByteBuffer image, int at, int headLength, ByteBuffer annotations) {
        return ModifiedAnnotations.into(image, at, annotations);
    }

    @Override
    public List<Death.Past> deaths(ByteBuffer image, int at) {
        return DeathAnnotations.read(image, at);
    }
}
