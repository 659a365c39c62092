package io.chasqui.core.message;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one protocol lays out the content of a message: the only place that may look inside the
 * otherwise opaque content image. One per protocol, told apart on disk by {@link #tag()}.
 *
 * <p>Implementations are stateless and read in place, from absolute indexes.
 */
public interface MessageFormat {

    /** The number stored with every message of this format; 1 is AMQP 0-9-1, 2 is AMQP 1.0. */
    int tag();

    /** Reads the application headers, for exchanges that route on them. */
    HeaderCursor headers(ByteBuffer image, int at);

    /** The property as text, a timestamp in seconds since 1970; null if the message has none. */
    @Nullable String property(ByteBuffer image, int at, MessageProperty property);

    /** All properties under RabbitMQ's names, the application headers among them as a table. */
    Map<String, @Nullable Object> properties(ByteBuffer image, int at);

    /**
     * The first piece of the image of a message of the broker's own, from index 0 to the limit.
     *
     * @param bodyBytes of the second piece
     */
    ByteBuffer head(OwnMessage message, long bodyBytes);

    /**
     * Whether the message has carbon copies: keys to route by besides its routing key. Asked for
     * every message, so it makes no object.
     */
    boolean hasCopies(ByteBuffer image, int at);

    /** Adds the keys of the message's carbon copies, in their order. */
    void addCopies(ByteBuffer image, int at, List<String> keys);

    /** Size of the body alone, in bytes. */
    long bodyBytes(ByteBuffer image, int at, int length);

    /** Whether the publisher wants the message to survive a restart. */
    boolean isPersistent(ByteBuffer image, int at);

    /**
     * The image's head, what stands before the body, as a dead letter has it: with one more death
     * noted, or one noted before counted once more, and without the publisher's time to live.
     *
     * @param headLength bytes of the head at {@code at}
     * @param known whether the deaths that the head tells of were noted here; what a publisher wrote
     *     there is dropped
     * @return the whole new head
     */
    ByteBuffer withDeath(ByteBuffer image, int at, int headLength, Death death, boolean known);

    /**
     * The image's head with what a client has added to the message's annotations (1.0 §3.2.3): those
     * of a name that is there are replaced.
     *
     * @param annotations a map of 1.0, from 0 to the limit
     * @return the whole new head
     */
    ByteBuffer withAnnotations(ByteBuffer image, int at, int headLength, ByteBuffer annotations);

    /** The deaths that {@link #withDeath} has noted in the head, newest first. */
    List<Death.Past> deaths(ByteBuffer image, int at);
}
