package io.chasqui.core.definition;

import java.util.List;

/**
 * What is told of a virtual host beside its name.
 *
 * @param tags for whoever looks at it; the broker does not
 * @param defaultQueueType of queues that are declared without one, as long as it allows what else
 *     they are declared with; empty for the broker's own default
 * @param isProtected whether it cannot be deleted
 */
public record VirtualHostDescription(
        String description, List<String> tags, String defaultQueueType, boolean isProtected) {

    /** Of a virtual host of which nothing was told. */
    public static final VirtualHostDescription NONE =
            new VirtualHostDescription("", List.of(), "", false);

    public VirtualHostDescription {
        tags = List.copyOf(tags);
    }

    /** The same, of a virtual host that can be deleted, or that cannot. */
    public VirtualHostDescription withProtection(boolean isProtected) {
        return new VirtualHostDescription(description, tags, defaultQueueType, isProtected);
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
