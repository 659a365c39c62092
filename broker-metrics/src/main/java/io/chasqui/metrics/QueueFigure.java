package io.chasqui.metrics;

import io.chasqui.core.queue.Queue;
import io.chasqui.metrics.Exposition.Type;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One figure of each queue, under RabbitMQ's name where RabbitMQ has it.
 *
 * @param group which family of {@code /metrics/detailed} it belongs to
 * @param own whether it is ours: its prefix is not RabbitMQ's
 * @param name without the prefix
 * @param of read on the queue's shard; not a number if it is not known
 */
record QueueFigure(
        Group group, boolean own, String name, Type type, String help, ToDoubleFunction<Queue> of) {

    /** A group of figures, asked for together. */
    enum Group {
        COARSE("queue_coarse_metrics"),
        CONSUMERS("queue_consumer_count"),
        DETAILS("queue_metrics"),
        DELIVERY("queue_delivery_metrics"),
        /** Ours: the histograms of {@link QueueLatencies}. */
        LATENCY("queue_latency_metrics");

        private final String family;

        Group(String family) {
            this.family = family;
        }

        /** What {@code family=} says. */
        String family() {
            return family;
        }
    }

    static final QueueFigure READY =
            gauge(
                    Group.COARSE,
                    "queue_messages_ready",
                    "Messages ready to be delivered to consumers",
                    Queue::ready);

    static final QueueFigure UNACKED =
            gauge(
                    Group.COARSE,
                    "queue_messages_unacked",
                    "Messages delivered to consumers but not yet acknowledged",
                    Queue::unacked);

    static final QueueFigure CONSUMERS =
            gauge(Group.CONSUMERS, "queue_consumers", "Consumers on a queue", Queue::consumers);

    static final QueueFigure READY_BYTES =
            gauge(
                    Group.DETAILS,
                    "queue_messages_ready_bytes",
                    "Bytes of the bodies of ready messages",
                    queue -> queue.index().readyBytes());

    static final QueueFigure UNACKED_BYTES =
            gauge(
                    Group.DETAILS,
                    "queue_messages_unacked_bytes",
                    "Bytes of the bodies of unacknowledged messages",
                    queue -> queue.index().unackedBytes());

    /** For how long the first ready message has been in the queue; 0 if none is ready. */
    static final QueueFigure OLDEST_READY =
            new QueueFigure(
                    Group.DETAILS,
                    true,
                    "queue_oldest_ready_seconds",
                    Type.GAUGE,
                    "Age of the first message that is ready; 0 if none is",
                    queue -> queue.ready() == 0 ? 0 : queue.oldestReadySeconds());

    static final List<QueueFigure> ALL =
            List.of(
                    READY,
                    UNACKED,
                    gauge(
                            Group.COARSE,
                            "queue_messages",
                            "Sum of ready and unacknowledged messages",
                            queue -> queue.ready() + queue.unacked()),
                    CONSUMERS,
                    READY_BYTES,
                    UNACKED_BYTES,
                    OLDEST_READY,
                    counter(
                            Group.DETAILS,
                            "queue_messages_enqueued",
                            "Messages put into a queue",
                            queue -> queue.counters().enqueued),
                    counter(
                            Group.DETAILS,
                            "queue_messages_requeued",
                            "Messages given back to a queue by consumers",
                            queue -> queue.counters().requeued),
                    counter(
                            Group.DETAILS,
                            "queue_messages_rejected",
                            "Messages refused by consumers and not requeued",
                            queue -> queue.counters().rejected),
                    counter(
                            Group.DETAILS,
                            "queue_messages_purged",
                            "Messages dropped by queue.purge",
                            queue -> queue.counters().purged),
                    counter(
                            Group.DETAILS,
                            "queue_messages_expired",
                            "Messages that outlived their time",
                            queue -> queue.counters().expired),
                    counter(
                            Group.DELIVERY,
                            "queue_get_ack",
                            "Messages fetched by basic.get, to be acknowledged",
                            queue -> queue.counters().gotManualAck),
                    counter(
                            Group.DELIVERY,
                            "queue_get",
                            "Messages fetched by basic.get, not to be acknowledged",
                            queue -> queue.counters().gotAutoAck),
                    counter(
                            Group.DELIVERY,
                            "queue_messages_delivered_ack",
                            "Messages delivered to consumers that acknowledge",
                            queue ->
                                    queue.counters().delivered
                                            - queue.counters().deliveredAutoAck
                                            - queue.counters().gotAutoAck
                                            - queue.counters().gotManualAck),
                    counter(
                            Group.DELIVERY,
                            "queue_messages_delivered",
                            "Messages delivered to consumers that need not acknowledge",
                            queue -> queue.counters().deliveredAutoAck),
                    counter(
                            Group.DELIVERY,
                            "queue_messages_redelivered",
                            "Messages delivered again",
                            queue -> queue.counters().redelivered),
                    counter(
                            Group.DELIVERY,
                            "queue_messages_acked",
                            "Messages acknowledged by consumers",
                            queue -> queue.counters().acknowledged),
                    counter(
                            Group.DELIVERY,
                            "queue_get_empty",
                            "Times basic.get found no message",
                            queue -> queue.counters().getEmpty));

    private static QueueFigure gauge(
            Group group, String name, String help, ToDoubleFunction<Queue> of) {
        return new QueueFigure(group, false, name, Type.GAUGE, help, of);
    }

    private static QueueFigure counter(
            Group group, String name, String help, ToDoubleFunction<Queue> of) {
        return new QueueFigure(group, false, name + "_total", Type.COUNTER, help, of);
    }
}
