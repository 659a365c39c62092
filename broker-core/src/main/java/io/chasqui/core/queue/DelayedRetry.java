package io.chasqui.core.queue;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.QueueArgument;

/**
 * How long a message rests that was given back, before it is given out again: {@code minMs} for each
 * time that somebody failed with it, {@code maxMs} at most (x-delayed-retry-type, -min, -max).
 *
 * @param failed whether messages rest that clients failed with
 * @param returned whether messages rest that clients gave back unharmed
 */
record DelayedRetry(boolean failed, boolean returned, long minMs, long maxMs) {

    static final DelayedRetry NONE = new DelayedRetry(false, false, 0, 0);

    /** Without a maximum the minimum is one, and without a minimum nothing rests, as in RabbitMQ. */
    static DelayedRetry of(Arguments arguments) {
        long min = arguments.integer(QueueArgument.DELAYED_RETRY_MIN.wireName()).orElse(0);
        long max = arguments.integer(QueueArgument.DELAYED_RETRY_MAX.wireName()).orElse(min);
        String type = arguments.text(QueueArgument.DELAYED_RETRY_TYPE.wireName()).orElse("");
        if (min <= 0) {
            return NONE;
        }
        return switch (type) {
            case "all" -> new DelayedRetry(true, true, min, max);
            case "failed" -> new DelayedRetry(true, false, min, max);
            case "returned" -> new DelayedRetry(false, true, min, max);
            default -> NONE;
        };
    }

    /**
     * @param hasFailed whether the client failed with it
     * @param failures how often clients did so far
     */
    long delayMs(boolean hasFailed, int failures) {
        boolean rests = hasFailed ? failed : returned;
        return rests ? Math.min(minMs * Math.max(1, failures), maxMs) : 0;
    }
}
