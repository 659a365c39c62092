package io.chasqui.core.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The message that comes of one that died: its content with the death noted in its headers, and the
 * names that it is sent on with. The dead message's record must stay as it is while this is used.
 *
 * <p>It is routed by one key if the queue names one; otherwise by all that the dead message was
 * routed by, carbon copies included. Its own time to live is over.
 */
public final class DeadLetter {

    private static final int LONGEST_KEY = 255;

    private final ByteBuffer record;
    private final MessageFormat format;
    private final String exchange;
    private final @Nullable String onlyKey;
    private final String routingKey;
    private final @Nullable FurtherKeys stored;
    private final LargeBody.@Nullable Parts parts;
    private final boolean hasCopies;
    private final int bodyAt;
    private final int bodyLength;
    private final ByteBuffer head;
    private final List<Death.Past> deaths;
    private final boolean persistent;
    private final int priority;

    /**
     * What a queue knows of a message that dies there.
     *
     * @param queue its name
     * @param timeMs when, in milliseconds since the epoch
     * @param failures how often clients failed with it there
     * @param annotations what clients have added there, see {@link MessageFormat#withAnnotations};
     *     null for nothing
     */
    public record Dying(
            String queue,
            DeathReason reason,
            long timeMs,
            int failures,
            @Nullable ByteBuffer annotations) {}

    /**
     * @param record memory with the dead message's record at {@code at}
     * @param dying what its queue knows of it
     * @param exchange where it is to be sent
     * @param onlyKey the routing key to send it with; null for those it has
     */
    public DeadLetter(
            ByteBuffer record,
            int at,
            MessageFormat format,
            Dying dying,
            String exchange,
            @Nullable String onlyKey) {
        this.record = record;
        this.format = format;
        this.exchange = exchange;
        this.onlyKey = onlyKey;
        int namesAt = StoredMessage.namesAt(record, at);
        this.routingKey = shortString(record, namesAt + 1 + (record.get(namesAt) & 0xFF));
        this.stored = StoredMessage.furtherKeys(record, at);
        int imageAt = StoredMessage.imageAt(record, at);
        int imageLength = StoredMessage.imageLength(record, at);
        int headAt = imageAt;
        int headLength;
        if (StoredMessage.isLarge(record, at)) {
            ByteBuffer image = record.slice(imageAt, imageLength);
            parts = LargeBody.readList(image);
            headAt += image.position();
            headLength = image.remaining();
            bodyLength = 0;
        } else {
            parts = null;
            bodyLength = (int) format.bodyBytes(record, imageAt, imageLength);
            headLength = imageLength - bodyLength;
        }
        bodyAt = headAt + headLength;
        hasCopies = format.hasCopies(record, headAt);
        priority = StoredMessage.priority(record, at);
        persistent = format.isPersistent(record, headAt);
        Death death =
                new Death(
                        dying.queue,
                        dying.reason,
                        shortString(record, namesAt),
                        visibleKeys(headAt),
                        dying.timeMs,
                        dying.failures);
        ByteBuffer dead =
                format.withDeath(
                        record, headAt, headLength, death, StoredMessage.isDeadLetter(record, at));
        head =
                dying.annotations == null
                        ? dead
                        : format.withAnnotations(dead, 0, dead.remaining(), dying.annotations);
        deaths = format.deaths(head, 0);
    }

    private static String shortString(ByteBuffer buffer, int at) {
        byte[] octets = new byte[buffer.get(at) & 0xFF];
        buffer.get(at + 1, octets);
        return new String(octets, UTF_8);
    }

    private List<String> visibleKeys(int headAt) {
        List<String> keys = new ArrayList<>();
        keys.add(routingKey);
        if (stored != null) {
            keys.addAll(stored.visible());
        } else if (hasCopies) {
            format.addCopies(record, headAt, keys);
        }
        return keys;
    }

    /** The exchange that it is sent to. */
    public String exchange() {
        return exchange;
    }

    /** The keys that it is routed by, the first being its routing key. */
    public List<String> routingKeys() {
        if (onlyKey != null) {
            return List.of(onlyKey);
        }
        List<String> keys = new ArrayList<>();
        keys.add(routingKey);
        if (stored != null) {
            keys.addAll(stored.visible());
            keys.addAll(stored.blind());
        } else if (hasCopies) {
            format.addCopies(head, 0, keys);
        }
        return keys;
    }

    /** Its headers, from the first one on. */
    public HeaderCursor headers() {
        return format.headers(head, 0);
    }

    /** See {@link MessageFormat#property}. */
    public @Nullable String property(MessageProperty property) {
        return format.property(head, 0, property);
    }

    /** Whether it shall survive a restart, in queues that do. */
    public boolean isPersistent() {
        return persistent && (parts == null || parts.areDurable());
    }

    /**
     * Whether the message would come back to a queue that it died in without a consumer's having
     * refused it anywhere on the way: nothing would ever end that.
     */
    public boolean isCycle(String queue) {
        String rejected = DeathReason.REJECTED.wireName();
        for (Death.Past past : deaths) {
            if (past.reason().equals(rejected)) {
                return false;
            }
            if (past.queue().equals(queue)) {
                return true;
            }
        }
        return false;
    }

    /** The list of its body's parts; null if the body is in {@link #describe}. */
    public LargeBody.@Nullable Parts parts() {
        return parts;
    }

    public int format() {
        return format.tag();
    }

    /** Describes it as a message to be stored. */
    public void describe(Content content) {
        byte[] to = exchange.getBytes(UTF_8);
        byte[] key = firstKey();
        ByteBuffer names = ByteBuffer.allocate(2 + to.length + key.length);
        names.put((byte) to.length).put(to).put((byte) key.length).put(key);
        content.names(names, 0, names.capacity())
                .head(head, 0, head.capacity())
                .body(record, bodyAt, bodyLength)
                .deadLetter()
                .priority(priority)
                .furtherKeys(further());
    }

    private byte[] firstKey() {
        byte[] key = (onlyKey == null ? routingKey : onlyKey).getBytes(UTF_8);
        return key.length <= LONGEST_KEY ? key : Arrays.copyOf(key, LONGEST_KEY);
    }

    /** The headers of carbon copies mean nothing any more once the message went another way. */
    private @Nullable FurtherKeys further() {
        if (onlyKey == null) {
            return stored;
        }
        return hasCopies ? FurtherKeys.NONE : null;
    }
}
