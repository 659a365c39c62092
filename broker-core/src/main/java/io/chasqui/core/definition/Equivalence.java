package io.chasqui.core.definition;

import io.chasqui.core.refusal.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether a declaration agrees with what is there (0-9-1 exchange.declare and queue.declare:
 * "Arguments are compared for semantic equivalence"), in RabbitMQ's order and words, which pika,
 * Spring and others parse. Numbers of different widths are equal by value, text and binary by their octets; an integer and a
 * float never are.
 */
public final class Equivalence {

    private static final String QUEUE_TYPE = QueueArgument.QUEUE_TYPE.wireName();

    private Equivalence() {}

    /**
     * @throws Refusal.PreconditionFailed at the first difference
     */
    public static void check(
            String vhost, ExchangeDefinition current, ExchangeDefinition requested) {
        Resource resource = Resource.exchange(current.name(), vhost);
        checkField(resource, "type", current.type().wireName(), requested.type().wireName());
        checkField(resource, "durable", current.durable(), requested.durable());
        checkField(resource, "auto_delete", current.autoDelete(), requested.autoDelete());
        checkField(resource, "internal", current.internal(), requested.internal());
        checkArgument(
                resource,
                ArgumentRules.ALTERNATE_EXCHANGE,
                current.arguments(),
                requested.arguments());
    }

    /**
     * All but exclusiveness, for which a difference is not a mismatch but a lock (405).
     *
     * @throws Refusal.PreconditionFailed at the first difference
     */
    public static void check(String vhost, QueueDefinition current, QueueDeclaration requested) {
        Resource resource = Resource.queue(current.name(), vhost);
        checkField(resource, "durable", current.durable(), requested.durable());
        checkField(resource, "auto_delete", current.autoDelete(), requested.autoDelete());
        for (QueueArgument argument : QueueArgument.values()) {
            checkArgument(
                    resource, argument.wireName(), current.arguments(), requested.arguments());
        }
    }

    private static void checkField(
            Resource resource, String field, Object current, Object requested) {
        if (!current.equals(requested)) {
            throw inequivalent(resource, field, bare(current), bare(requested));
        }
    }

    private static void checkArgument(
            Resource resource, String name, Arguments current, Arguments requested) {
        boolean isThere = current.contains(name);
        boolean isWanted = requested.contains(name);
        Object currentValue = current.get(name);
        Object wantedValue = requested.get(name);
        if (isThere && isWanted) {
            if (!areEqual(currentValue, wantedValue)) {
                throw inequivalent(resource, name, bare(currentValue), bare(wantedValue));
            }
        } else if ((isThere || isWanted) && !isDefaultType(name, currentValue, wantedValue)) {
            throw inequivalent(
                    resource,
                    name,
                    isThere ? typed(currentValue) : "none",
                    isWanted ? typed(wantedValue) : "none");
        }
    }

    /** No type and the classic type are the same. */
    private static boolean isDefaultType(
            String name, @Nullable Object current, @Nullable Object wanted) {
        String classic = QueueType.CLASSIC.wireName();
        return name.equals(QUEUE_TYPE) && (classic.equals(current) || classic.equals(wanted));
    }

    private static boolean areEqual(@Nullable Object current, @Nullable Object wanted) {
        return Objects.equals(comparable(current), comparable(wanted));
    }

    /**
     * Integers and times as {@code long}, floats as {@code double}, text as its octets; the rest as
     * it is.
     */
    private static @Nullable Object comparable(@Nullable Object value) {
        return switch (value) {
            case Byte number -> Long.valueOf(number);
            case Short number -> Long.valueOf(number);
            case Integer number -> Long.valueOf(number);
            case Float number -> Double.valueOf(number);
            case Instant time -> Long.valueOf(time.getEpochSecond());
            case String text -> Binary.of(text.getBytes(StandardCharsets.UTF_8));
            case null, default -> value;
        };
    }

    private static String bare(@Nullable Object value) {
        return "'" + FieldValue.text(value) + "'";
    }

    private static String typed(@Nullable Object value) {
        return "the value '%s' of type '%s'"
                .formatted(FieldValue.text(value), FieldValue.typeName(value));
    }

    private static Refusal inequivalent(
            Resource resource, String name, String current, String requested) {
        return new Refusal.PreconditionFailed(
                "inequivalent arg '%s' for %s: received %s but current is %s"
                        .formatted(name, resource, requested, current));
    }
}
