package io.chasqui.core.definition;

import java.util.Optional;

/**
 * The kind of queue that {@code x-queue-type} asks for. {@code stream} is not there until streams
 * are built: to accept it as another kind would lose what its users rely on.
 */
public enum QueueType {
    CLASSIC("classic", "rabbit_classic_queue"),
    QUORUM("quorum", "rabbit_quorum_queue");

    private final String wireName;
    private final String moduleName;

    QueueType(String wireName, String moduleName) {
        this.wireName = wireName;
        this.moduleName = moduleName;
    }

    public String wireName() {
        return wireName;
    }

    /** The name of RabbitMQ's Erlang module, which some texts of refusals contain. */
    String moduleName() {
        return moduleName;
    }

    public static Optional<QueueType> named(String wireName) {
        for (QueueType type : values()) {
            if (type.wireName.equals(wireName)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** What the arguments ask for; classic if they name no known type. */
    public static QueueType of(Arguments arguments) {
        return arguments
                .text(QueueArgument.QUEUE_TYPE.wireName())
                .flatMap(QueueType::named)
                .orElse(CLASSIC);
    }
}
