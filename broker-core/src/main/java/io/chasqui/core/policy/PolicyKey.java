package io.chasqui.core.policy;

import io.chasqui.core.definition.FieldValue;
import io.chasqui.core.definition.QueueType;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a policy can set: RabbitMQ's keys, their checks with its texts, and what becomes of a value
 * where an operator's policy or the queue's own argument says something else.
 *
 * <p>To add a key: one line here; the queue reads it as the argument of that name with {@code x-}
 * in front.
 */
public enum PolicyKey {
    ALTERNATE_EXCHANGE(
            "alternate-exchange", "alternate exchange name", PolicyKey::isText, Rule.ARGUMENT),
    MESSAGE_TTL("message-ttl", "message TTL", atLeast(0), Rule.LOWER, Rule.LOWER),
    EXPIRES("expires", "queue expiry", atLeast(1), Rule.LOWER, Rule.LOWER),
    MAX_LENGTH("max-length", "maximum length", atLeast(0), Rule.LOWER, Rule.LOWER),
    MAX_LENGTH_BYTES(
            "max-length-bytes", "maximum length in bytes", atLeast(0), Rule.LOWER, Rule.LOWER),
    MAX_IN_MEMORY_LENGTH(
            "max-in-memory-length",
            "maximum memory in bytes",
            atLeast(0),
            Rule.LOWER,
            Rule.LOWER,
            QueueType.CLASSIC),
    MAX_IN_MEMORY_BYTES(
            "max-in-memory-bytes",
            "maximum memory in bytes",
            atLeast(0),
            Rule.LOWER,
            Rule.LOWER,
            QueueType.CLASSIC),
    OVERFLOW(
            "overflow",
            "overflow value",
            oneOf("drop-head", "reject-publish", "reject-publish-dlx"),
            Rule.ARGUMENT,
            Rule.OPERATOR),
    DEAD_LETTER_EXCHANGE(
            "dead-letter-exchange", "dead letter exchange name", PolicyKey::isText, Rule.ARGUMENT),
    DEAD_LETTER_ROUTING_KEY(
            "dead-letter-routing-key", "dead letter routing key", PolicyKey::isText, Rule.ARGUMENT),
    DEAD_LETTER_STRATEGY(
            "dead-letter-strategy",
            "dead letter strategy",
            oneOf("at-most-once", "at-least-once"),
            Rule.ARGUMENT,
            null,
            QueueType.CLASSIC),
    QUEUE_MODE(
            "queue-mode",
            "queue-mode value",
            oneOf("default", "lazy"),
            Rule.ARGUMENT,
            null,
            QueueType.QUORUM),
    QUEUE_VERSION(
            "queue-version", "queue-version value", between(1, 2), Rule.ARGUMENT, Rule.OPERATOR),
    QUEUE_LEADER_LOCATOR(
            "queue-leader-locator",
            "queue leader locator value",
            oneOf("client-local", "balanced"),
            Rule.ARGUMENT),
    DELIVERY_LIMIT(
            "delivery-limit",
            "delivery limit",
            PolicyKey::isInteger,
            Rule.LOWER_LIMIT,
            Rule.LOWER_LIMIT,
            QueueType.CLASSIC),
    CONSUMER_TIMEOUT("consumer-timeout", "consumer timeout", atLeast(0), Rule.ARGUMENT),
    CONSUMER_DISCONNECTED_TIMEOUT(
            "consumer-disconnected-timeout",
            "consumer disconnected timeout",
            atLeast(0),
            Rule.ARGUMENT),
    DELAYED_RETRY_TYPE(
            "delayed-retry-type",
            "delayed retry type. Must be one of: all, failed, returned, disabled",
            oneOf("all", "failed", "returned", "disabled"),
            Rule.ARGUMENT,
            Rule.OPERATOR),
    DELAYED_RETRY_MIN(
            "delayed-retry-min",
            "delayed retry minimum delay. Must be a positive integer",
            atLeast(1),
            Rule.ARGUMENT,
            Rule.HIGHER),
    DELAYED_RETRY_MAX(
            "delayed-retry-max",
            "delayed retry maximum delay. Must be a positive integer",
            atLeast(1),
            Rule.ARGUMENT,
            Rule.LOWER),
    MAX_AGE(
            "max-age",
            "max age",
            PolicyKey::isAge,
            Rule.ARGUMENT,
            null,
            QueueType.CLASSIC,
            QueueType.QUORUM),
    STREAM_MAX_SEGMENT_SIZE_BYTES(
            "stream-max-segment-size-bytes",
            "segment size",
            between(0, 3_000_000_000L),
            Rule.ARGUMENT,
            null,
            QueueType.CLASSIC,
            QueueType.QUORUM),
    STREAM_FILTER_SIZE_BYTES(
            "stream-filter-size-bytes",
            "filter size. Valid range is 16-255",
            between(16, 255),
            Rule.ARGUMENT),
    TARGET_GROUP_SIZE(
            "target-group-size",
            "qq target count value",
            atLeast(1),
            Rule.ARGUMENT,
            Rule.HIGHER,
            QueueType.CLASSIC),
    INITIAL_CLUSTER_SIZE(
            "initial-cluster-size",
            "initial cluster size",
            atLeast(1),
            Rule.ARGUMENT,
            null,
            QueueType.CLASSIC,
            QueueType.QUORUM);

    /** Which of two values counts. */
    private enum Rule {
        LOWER,
        HIGHER,
        /** The lower, where a negative one bounds nothing. */
        LOWER_LIMIT,
        /** The queue's own. */
        ARGUMENT,
        /** The operator's. */
        OPERATOR
    }

    private static final Pattern AGE = Pattern.compile("0*[1-9][0-9]*[YMDhms]");

    private final String wireName;
    private final String what;
    private final Predicate<@Nullable Object> valid;
    private final Rule againstArgument;
    private final @Nullable Rule againstOperator;
    private final Set<QueueType> unknownTo = EnumSet.noneOf(QueueType.class);

    PolicyKey(
            String wireName,
            String what,
            Predicate<@Nullable Object> valid,
            Rule againstArgument,
            @Nullable Rule againstOperator,
            QueueType... unknownTo) {
        this.wireName = wireName;
        this.what = what;
        this.valid = valid;
        this.againstArgument = againstArgument;
        this.againstOperator = againstOperator;
        this.unknownTo.addAll(Set.of(unknownTo));
    }

    PolicyKey(
            String wireName, String what, Predicate<@Nullable Object> valid, Rule againstArgument) {
        this(wireName, what, valid, againstArgument, null);
    }

    public String wireName() {
        return wireName;
    }

    /** The argument of queue.declare that sets the same. */
    String argument() {
        return "x-" + wireName;
    }

    static Optional<PolicyKey> named(String wireName) {
        for (PolicyKey key : values()) {
            if (key.wireName.equals(wireName)) {
                return Optional.of(key);
            }
        }
        return Optional.empty();
    }

    /** Whether operators may set it. */
    boolean isForOperators() {
        return againstOperator != null;
    }

    /** Whether queues of the type have it. */
    boolean isKnownTo(QueueType type) {
        return !unknownTo.contains(type);
    }

    /** What is wrong with a value, in RabbitMQ's words; null if nothing is. */
    @Nullable String fault(@Nullable Object value) {
        return valid.test(value) ? null : term(value) + " is not a valid " + what;
    }

    /** Which counts where user and operator both say something. */
    Object merged(Object user, Object operator) {
        return chosen(againstOperator == null ? Rule.OPERATOR : againstOperator, user, operator);
    }

    /** Which counts where the queue's own argument and policies both say something. */
    Object resolved(Object argument, Object policy) {
        return chosen(againstArgument, argument, policy);
    }

    private static Object chosen(Rule rule, Object own, Object given) {
        return switch (rule) {
            case ARGUMENT -> own;
            case OPERATOR -> given;
            case LOWER -> compare(own, given) <= 0 ? own : given;
            case HIGHER -> compare(own, given) >= 0 ? own : given;
            case LOWER_LIMIT ->
                    isNegative(own) || (!isNegative(given) && compare(given, own) < 0)
                            ? given
                            : own;
        };
    }

    private static int compare(Object a, Object b) {
        return Long.compare(number(a), number(b));
    }

    private static boolean isNegative(Object value) {
        return number(value) < 0;
    }

    private static long number(Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }

    /** As Erlang prints what JSON said. */
    static String term(@Nullable Object value) {
        return value == null ? "null" : FieldValue.term(value);
    }

    private static boolean isText(@Nullable Object value) {
        return value instanceof String;
    }

    private static boolean isAge(@Nullable Object value) {
        return value instanceof String text && AGE.matcher(text).matches();
    }

    static boolean isInteger(@Nullable Object value) {
        return switch (value) {
            case Byte _, Short _, Integer _, Long _ -> true;
            case null, default -> false;
        };
    }

    private static Predicate<@Nullable Object> atLeast(long least) {
        return between(least, Long.MAX_VALUE);
    }

    private static Predicate<@Nullable Object> between(long least, long most) {
        return value ->
                value instanceof Number number
                        && isInteger(value)
                        && number.longValue() >= least
                        && number.longValue() <= most;
    }

    private static Predicate<@Nullable Object> oneOf(String... allowed) {
        Set<String> known = Set.of(allowed);
        return value -> value instanceof String text && known.contains(text);
    }
}
