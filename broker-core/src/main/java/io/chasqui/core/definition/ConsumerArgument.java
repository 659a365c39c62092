package io.chasqui.core.definition;

import io.chasqui.core.refusal.Refusal;
import java.util.OptionalLong;

/**
 * What the arguments of a consumer say. Others than these are neither checked nor looked at, as in
 * RabbitMQ.
 */
public final class ConsumerArgument {

    /** Consumers of a higher priority are served first while they can take messages. */
    public static final String PRIORITY = "x-priority";

    /** How long the consumer may keep a message, in milliseconds. */
    public static final String TIMEOUT = "x-consumer-timeout";

    private ConsumerArgument() {}

    /**
     * The priority asked for, 0 if there is none.
     *
     * @param queue whose consumer it is, for the text of a refusal
     * @throws Refusal.PreconditionFailed with RabbitMQ's text if it is no integer
     */
    public static long priority(Resource queue, Arguments arguments) {
        return integer(PRIORITY, queue, arguments).orElse(0);
    }

    /**
     * The longest time asked for that the consumer may keep a message, if any.
     *
     * @param queue whose consumer it is, for the text of a refusal
     * @throws Refusal.PreconditionFailed with RabbitMQ's text if it is no integer, or negative
     */
    public static OptionalLong timeoutMs(Resource queue, Arguments arguments) {
        OptionalLong asked = integer(TIMEOUT, queue, arguments);
        if (asked.orElse(0) < 0) {
            throw invalid(TIMEOUT, queue, "{value_negative," + asked.getAsLong() + "}");
        }
        return asked;
    }

    private static OptionalLong integer(String name, Resource queue, Arguments arguments) {
        if (!arguments.contains(name)) {
            return OptionalLong.empty();
        }
        OptionalLong value = arguments.integer(name);
        if (value.isEmpty()) {
            String type = FieldValue.typeName(arguments.get(name));
            throw invalid(name, queue, "\"expected integer, got " + type + "\"");
        }
        return value;
    }

    private static Refusal invalid(String name, Resource queue, String fault) {
        return new Refusal.PreconditionFailed(
                "invalid arg '%s' for %s: %s".formatted(name, queue, fault));
    }
}
