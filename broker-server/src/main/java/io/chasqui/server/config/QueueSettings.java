package io.chasqui.server.config;

import java.util.List;

/** The settings of queues that do not say otherwise. */
final class QueueSettings {

    private static final long TEN_YEARS_MS = 315_360_000_000L;

    static final Setting<String> DEFAULT_TYPE =
            new Setting<>(
                    "queues.default-type",
                    Kind.oneOf("classic", "quorum"),
                    "classic",
                    "Type of queues that are declared without x-queue-type, where the virtual host"
                            + " has no default of its own. Queues that are not durable, exclusive"
                            + " or auto-delete are classic all the same.");

    static final Setting<Long> CONSUMER_TIMEOUT =
            new Setting<>(
                    "queues.consumer-timeout",
                    Kind.duration(0, TEN_YEARS_MS),
                    "30m",
                    "Longest time that a consumer of a quorum queue may take to settle a message,"
                            + " unless the consumer, the queue or a policy says otherwise. Then it is"
                            + " cancelled, and what it has goes back to the queue.");

    static final List<Setting<?>> ALL = List.of(DEFAULT_TYPE, CONSUMER_TIMEOUT);

    private QueueSettings() {}
}
