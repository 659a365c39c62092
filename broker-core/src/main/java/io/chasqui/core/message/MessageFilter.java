package io.chasqui.core.message;

import java.nio.ByteBuffer;

/**
 * Tells which messages of a queue a consumer wants. Asked on the queue's shard only, once for a message
 * that came or came back.
 */
@FunctionalInterface
public interface MessageFilter {

    /**
     * Whether the consumer wants a message.
     *
     * @param record memory with its record, to be read through {@link StoredMessage} with absolute
     *     gets; the body of a large message is not in it
     * @param at where the record begins
     */
    boolean matches(ByteBuffer record, int at);
}
