package io.chasqui.core.definition;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The queue arguments which the broker knows: name, check, and whether it acts on them. A redeclare
 * compares exactly these, and both checks and comparisons go in this order, which is RabbitMQ's.
 * Other arguments are kept and neither checked nor compared, as in RabbitMQ.
 *
 * <p>To add an argument: one line here, the rule that reads it, one test.
 */
public enum QueueArgument {
    EXPIRES("x-expires", Effect.NOW, QueueArgument::lease),
    MESSAGE_TTL("x-message-ttl", Effect.NOW, QueueArgument::interval),
    DEAD_LETTER_EXCHANGE("x-dead-letter-exchange", Effect.NOW, QueueArgument::text),
    DEAD_LETTER_ROUTING_KEY(
            "x-dead-letter-routing-key", Effect.NOW, QueueArgument::deadLetterRoutingKey),
    DEAD_LETTER_STRATEGY(
            "x-dead-letter-strategy",
            Effect.NOW,
            oneOf("invalid_dlx_strategy", "at-most-once", "at-least-once")),
    MAX_LENGTH("x-max-length", Effect.NOW, QueueArgument::notNegative),
    MAX_LENGTH_BYTES("x-max-length-bytes", Effect.NOW, QueueArgument::notNegative),
    MAX_IN_MEMORY_LENGTH("x-max-in-memory-length", Effect.NEVER, QueueArgument::notNegative),
    MAX_IN_MEMORY_BYTES("x-max-in-memory-bytes", Effect.NEVER, QueueArgument::notNegative),
    MAX_PRIORITY("x-max-priority", Effect.NOW, QueueArgument::priority),
    OVERFLOW(
            "x-overflow",
            Effect.NOW,
            oneOf("invalid_overflow", "drop-head", "reject-publish", "reject-publish-dlx")),
    QUEUE_MODE("x-queue-mode", Effect.NEVER, QueueArgument::anything),
    QUEUE_VERSION("x-queue-version", Effect.NEVER, QueueArgument::queueVersion),
    SINGLE_ACTIVE_CONSUMER("x-single-active-consumer", Effect.NOW, QueueArgument::flag),
    DELIVERY_LIMIT("x-delivery-limit", Effect.NOW, QueueArgument::integer),
    CONSUMER_TIMEOUT("x-consumer-timeout", Effect.NOW, QueueArgument::notNegative),
    CONSUMER_DISCONNECTED_TIMEOUT(
            "x-consumer-disconnected-timeout", Effect.LATER, QueueArgument::notNegative),
    DELAYED_RETRY_TYPE(
            "x-delayed-retry-type",
            Effect.NOW,
            oneOf("invalid_delayed_retry_type", "disabled", "all", "failed", "returned")),
    DELAYED_RETRY_MIN("x-delayed-retry-min", Effect.NOW, QueueArgument::notNegative),
    DELAYED_RETRY_MAX("x-delayed-retry-max", Effect.NOW, QueueArgument::notNegative),
    QUEUE_TYPE("x-queue-type", Effect.NOW, QueueArgument::queueType),
    QUORUM_INITIAL_GROUP_SIZE("x-quorum-initial-group-size", Effect.LATER, QueueArgument::positive),
    MAX_AGE("x-max-age", Effect.STREAMS, QueueArgument::anything),
    STREAM_MAX_SEGMENT_SIZE_BYTES(
            "x-stream-max-segment-size-bytes", Effect.STREAMS, QueueArgument::anything),
    STREAM_FILTER_SIZE_BYTES("x-stream-filter-size-bytes", Effect.STREAMS, QueueArgument::anything),
    INITIAL_CLUSTER_SIZE("x-initial-cluster-size", Effect.STREAMS, QueueArgument::anything),
    QUEUE_MASTER_LOCATOR("x-queue-master-locator", Effect.NEVER, QueueArgument::anything),
    QUEUE_LEADER_LOCATOR(
            "x-queue-leader-locator",
            Effect.LATER,
            oneOf(
                    "invalid_queue_locator_arg",
                    "client-local",
                    "balanced",
                    "random",
                    "least-leaders",
                    "min-masters")),
    MEMBER_PLACEMENT_TAG("x-member-placement-tag", Effect.LATER, QueueArgument::memberPlacementTag);

    /** Whether the broker acts on an argument. */
    private enum Effect {
        NOW,
        LATER,
        /** Means something for streams only, and there are none. */
        STREAMS,
        /** Speaks of RabbitMQ's insides: accepted for the sake of old programs. */
        NEVER
    }

    private interface Check {
        /** What is wrong with the value, as an Erlang term; null if nothing is. */
        @Nullable String fault(@Nullable Object value, Arguments arguments);
    }

    /** Ten years, the longest time that RabbitMQ takes. */
    private static final long MAX_INTERVAL_MS = 315_360_000_000L;

    private static final long MAX_PRIORITY_VALUE = 255;

    private final String wireName;
    private final Effect effect;
    private final Check check;

    QueueArgument(String wireName, Effect effect, Check check) {
        this.wireName = wireName;
        this.effect = effect;
        this.check = check;
    }

    /** The name in the argument table of queue.declare. */
    public String wireName() {
        return wireName;
    }

    /** Whether the broker does what the argument asks. */
    boolean isEffective() {
        return effect == Effect.NOW;
    }

    /** Whether queues that are no streams refuse it, as in RabbitMQ. */
    boolean isOfStreams() {
        return effect == Effect.STREAMS;
    }

    /** What is wrong with the value in {@code arguments}, as an Erlang term; null if nothing is. */
    @Nullable String fault(Arguments arguments) {
        return check.fault(arguments.get(wireName), arguments);
    }

    private static @Nullable String anything(@Nullable Object value, Arguments arguments) {
        return null;
    }

    private static @Nullable String integer(@Nullable Object value, Arguments arguments) {
        return switch (value) {
            case Byte _, Short _, Integer _, Long _ -> null;
            case null, default -> quoted("expected integer, got " + FieldValue.typeName(value));
        };
    }

    private static @Nullable String notNegative(@Nullable Object value, Arguments arguments) {
        return switch (value) {
            case Number number when integer(value, arguments) == null && number.longValue() < 0 ->
                    "{value_negative," + number + "}";
            case null, default -> integer(value, arguments);
        };
    }

    private static @Nullable String positive(@Nullable Object value, Arguments arguments) {
        return isZero(value) ? "{value_zero,0}" : notNegative(value, arguments);
    }

    private static @Nullable String interval(@Nullable Object value, Arguments arguments) {
        return value instanceof Long ms && ms > MAX_INTERVAL_MS
                ? "{value_too_large," + ms + "}"
                : notNegative(value, arguments);
    }

    private static @Nullable String lease(@Nullable Object value, Arguments arguments) {
        return isZero(value) ? "{value_zero,0}" : interval(value, arguments);
    }

    private static @Nullable String priority(@Nullable Object value, Arguments arguments) {
        String fault = notNegative(value, arguments);
        return fault == null
                        && value instanceof Number number
                        && number.longValue() > MAX_PRIORITY_VALUE
                ? "{max_value_exceeded," + number + "}"
                : fault;
    }

    /** RabbitMQ 4.3 refuses version 1 as well; here it was never more than a hint. */
    private static @Nullable String queueVersion(@Nullable Object value, Arguments arguments) {
        String fault = notNegative(value, arguments);
        return fault == null
                        && value instanceof Number number
                        && number.longValue() != 1
                        && number.longValue() != 2
                ? quoted("unsupported queue version '" + number + "'")
                : fault;
    }

    private static @Nullable String flag(@Nullable Object value, Arguments arguments) {
        return value instanceof Boolean ? null : unacceptable(value);
    }

    private static @Nullable String text(@Nullable Object value, Arguments arguments) {
        return value instanceof String ? null : unacceptable(value);
    }

    private static @Nullable String deadLetterRoutingKey(
            @Nullable Object value, Arguments arguments) {
        if (!(value instanceof String)) {
            return unacceptable(value);
        }
        return arguments.contains(DEAD_LETTER_EXCHANGE.wireName)
                ? null
                : "routing_key_but_no_dlx_defined";
    }

    private static @Nullable String queueType(@Nullable Object value, Arguments arguments) {
        return switch (value) {
            case String type ->
                    QueueType.named(type).isPresent()
                            ? null
                            : quoted("unsupported queue type '" + type + "'");
            case null, default -> unacceptable(value);
        };
    }

    private static @Nullable String memberPlacementTag(
            @Nullable Object value, Arguments arguments) {
        return switch (value) {
            case String tag -> tag.isEmpty() ? "invalid_member_placement_tag_arg" : null;
            case null, default -> unacceptable(value);
        };
    }

    private static Check oneOf(String fault, String... allowed) {
        List<String> known = List.of(allowed);
        return (value, arguments) ->
                switch (value) {
                    case String text -> known.contains(text) ? null : fault;
                    case null, default -> unacceptable(value);
                };
    }

    private static boolean isZero(@Nullable Object value) {
        return switch (value) {
            case Byte number -> number == 0;
            case Short number -> number == 0;
            case Integer number -> number == 0;
            case Long number -> number == 0;
            case null, default -> false;
        };
    }

    private static String unacceptable(@Nullable Object value) {
        return "{unacceptable_type," + FieldValue.typeName(value) + "}";
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }
}
