package io.chasqui.core.queue;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.QueueArgument;
import io.chasqui.core.message.StoredMessage;

/**
 * What a queue goes by at present: its arguments, or what they and the policies on it come to. To
 * change the settings of a living queue, hand new ones to {@link Queue#apply}.
 *
 * <p>A policy speaks of the same things under the same names without {@code x-}: merged into one
 * table of arguments it is read by {@link #of} too.
 *
 * @param messageTtlMs how long any message may live, in milliseconds, or {@link
 *     StoredMessage#FOR_EVER}
 * @param leaseMs how long the queue may be unused before it goes (x-expires), in milliseconds; 0 for
 *     ever
 * @param consumerTimeoutMs longest time that a consumer may keep a message, in milliseconds, or
 *     {@link Queue#NO_TIMEOUT} for what the queue's type has
 */
public record QueueSettings(long messageTtlMs, long leaseMs, long consumerTimeoutMs) {

    /** Reads the arguments of a queue; what is not there has its default. */
    public static QueueSettings of(Arguments arguments) {
        return new QueueSettings(
                arguments
                        .integer(QueueArgument.MESSAGE_TTL.wireName())
                        .orElse(StoredMessage.FOR_EVER),
                arguments.integer(QueueArgument.EXPIRES.wireName()).orElse(0),
                arguments
                        .integer(QueueArgument.CONSUMER_TIMEOUT.wireName())
                        .orElse(Queue.NO_TIMEOUT));
    }
}
