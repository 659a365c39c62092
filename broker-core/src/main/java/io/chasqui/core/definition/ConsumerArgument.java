package io.chasqui.core.definition;

import io.chasqui.core.refusal.Refusal;

/**
 * What the arguments of a consumer say. Others than these are neither checked nor looked at, as in
 * RabbitMQ.
 */
public final class ConsumerArgument {

    /** Consumers of a higher priority are served first while they can take messages. */
    public static final String PRIORITY = "x-priority";

    private ConsumerArgument() {}

    /**
     * The priority asked for, 0 if there is none.
     *
     * @param queue whose consumer it is, for the text of a refusal
     * @throws Refusal.PreconditionFailed with RabbitMQ's text if it is no integer
     */
    public static long priority(Resource queue, Arguments arguments) {
        if (!arguments.contains(PRIORITY)) {
            return 0;
        }
        return arguments
                .integer(PRIORITY)
                .orElseThrow(() ->
                        new Refusal.PreconditionFailed(
                                "invalid arg '%s' for %s: \"expected integer, got %s\""
                                        .formatted(
                                                PRIORITY,
                                                queue,
                                                FieldValue.typeName(arguments.get(PRIORITY)))));
    }
}
