package io.chasqui.core.definition;

import java.util.List;

/**
 * What is told of a virtual host beside its name.
 *
 * @param tags for whoever looks at it; the broker does not
 * @param defaultQueueType of queues that are declared without one, as long as it allows what else
 *     they are declared with; empty for the broker's own default
 */
public record VirtualHostDescription(
        String description, List<String> tags, String defaultQueueType) {

    /** Of a virtual host of which nothing was told. */
    public static final VirtualHostDescription NONE = new VirtualHostDescription("", List.of(), "");

    public VirtualHostDescription {
        tags = List.copyOf(tags);
    }

    /** The kind of queue that a declaration without one asks for. */
    public QueueType queueType(
            QueueType brokersDefault, boolean durable, boolean exclusive, boolean autoDelete) {
        QueueType type = QueueType.named(defaultQueueType).orElse(brokersDefault);
        return switch (type) {
            case CLASSIC -> type;
            case QUORUM -> durable && !exclusive && !autoDelete ? type : QueueType.CLASSIC;
        };
    }
}
