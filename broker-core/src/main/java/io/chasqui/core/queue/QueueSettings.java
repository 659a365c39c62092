package io.chasqui.core.queue;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.QueueArgument;
import io.chasqui.core.definition.QueueType;
import io.chasqui.core.message.StoredMessage;
import org.jspecify.annotations.Nullable;

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
 * @param maxLength ready messages at most, or {@link #UNBOUNDED}
 * @param maxLengthBytes bytes of ready messages at most, or {@link #UNBOUNDED}
 * @param overflow what happens to what is too much
 * @param deadLetterExchange where messages go that die; null for nowhere
 * @param deadLetterRoutingKey what they are sent on with; null for what they came with
 * @param keepsDeadLetters whether a message that no queue takes as dead letter stays until one does
 *     (at-least-once)
 * @param countsDeliveries whether it is counted, and told, how often a message was given out in vain
 * @param deliveryLimit how often clients may fail with a message and still get it again, or {@link
 *     #UNBOUNDED}
 * @param retry how long a message rests before it is given out again
 */
public record QueueSettings(
        long messageTtlMs,
        long leaseMs,
        long consumerTimeoutMs,
        long maxLength,
        long maxLengthBytes,
        Overflow overflow,
        @Nullable String deadLetterExchange,
        @Nullable String deadLetterRoutingKey,
        boolean keepsDeadLetters,
        boolean countsDeliveries,
        long deliveryLimit,
        DelayedRetry retry) {

    /** Instead of a limit. */
    public static final long UNBOUNDED = -1;

    /** What RabbitMQ's quorum queues have without being asked. */
    private static final long QUORUM_DELIVERY_LIMIT = 20;

    private static final String AT_LEAST_ONCE = "at-least-once";

    /** Reads the arguments of a queue; what is not there has its default. */
    public static QueueSettings of(Arguments arguments) {
        Overflow overflow =
                arguments
                        .text(QueueArgument.OVERFLOW.wireName())
                        .flatMap(Overflow::named)
                        .orElse(Overflow.DROP_HEAD);
        boolean isQuorum = QueueType.of(arguments) == QueueType.QUORUM;
        DelayedRetry retry = DelayedRetry.of(arguments);
        long limit =
                Math.max(
                        UNBOUNDED,
                        integer(
                                arguments,
                                QueueArgument.DELIVERY_LIMIT,
                                isQuorum ? QUORUM_DELIVERY_LIMIT : UNBOUNDED));
        return new QueueSettings(
                integer(arguments, QueueArgument.MESSAGE_TTL, StoredMessage.FOR_EVER),
                integer(arguments, QueueArgument.EXPIRES, 0),
                integer(arguments, QueueArgument.CONSUMER_TIMEOUT, Queue.NO_TIMEOUT),
                integer(arguments, QueueArgument.MAX_LENGTH, UNBOUNDED),
                integer(arguments, QueueArgument.MAX_LENGTH_BYTES, UNBOUNDED),
                overflow,
                text(arguments, QueueArgument.DEAD_LETTER_EXCHANGE),
                text(arguments, QueueArgument.DEAD_LETTER_ROUTING_KEY),
                keepsDeadLetters(arguments, overflow),
                isQuorum || limit != UNBOUNDED || !retry.equals(DelayedRetry.NONE),
                limit,
                retry);
    }

    /** As in RabbitMQ only together with refusing publishes: otherwise messages would pile up. */
    private static boolean keepsDeadLetters(Arguments arguments, Overflow overflow) {
        return overflow == Overflow.REJECT_PUBLISH
                && AT_LEAST_ONCE.equals(text(arguments, QueueArgument.DEAD_LETTER_STRATEGY));
    }

    private static long integer(Arguments arguments, QueueArgument argument, long otherwise) {
        return arguments.integer(argument.wireName()).orElse(otherwise);
    }

    private static @Nullable String text(Arguments arguments, QueueArgument argument) {
        return arguments.text(argument.wireName()).orElse(null);
    }

    boolean isBounded() {
        return maxLength != UNBOUNDED || maxLengthBytes != UNBOUNDED;
    }

    /** Whether the queue may refuse a message that is published to it. */
    boolean refusesPublishes() {
        return isBounded() && overflow != Overflow.DROP_HEAD;
    }
}
