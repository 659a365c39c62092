package io.chasqui.core.definition;

import java.util.Optional;

/** What a policy is for. */
public enum ApplyTo {
    QUEUES("queues"),
    CLASSIC_QUEUES("classic_queues"),
    QUORUM_QUEUES("quorum_queues"),
    STREAMS("streams"),
    EXCHANGES("exchanges"),
    ALL("all");

    private final String wireName;

    ApplyTo(String wireName) {
        this.wireName = wireName;
    }

    /** RabbitMQ's name of it. */
    public String wireName() {
        return wireName;
    }

    public static Optional<ApplyTo> named(String wireName) {
        for (ApplyTo each : values()) {
            if (each.wireName.equals(wireName)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /** Whether it is for queues of the type. */
    public boolean covers(QueueType type) {
        return switch (this) {
            case QUEUES, ALL -> true;
            case CLASSIC_QUEUES -> type == QueueType.CLASSIC;
            case QUORUM_QUEUES -> type == QueueType.QUORUM;
            case STREAMS, EXCHANGES -> false;
        };
    }

    public boolean coversExchanges() {
        return this == EXCHANGES || this == ALL;
    }
}
