package io.chasqui.metrics;

import io.chasqui.core.Alarms;
import io.chasqui.core.boot.Broker;
import io.chasqui.core.boot.DiskSpace;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.shard.ShardCounters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Publishes what a broker counts to any Micrometer registry, under RabbitMQ's names where RabbitMQ
 * has the same figure. Figures are read when somebody asks: the hot path pays a plain increment and
 * nothing else.
 */
public final class BrokerMeters implements MeterBinder {

    private final Broker broker;
    private final QueueTotals queues;

    /**
     * @param queues what the gauges about queues read; refreshed by whoever asks for them
     */
    public BrokerMeters(Broker broker, QueueTotals queues) {
        this.broker = broker;
        this.queues = queues;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Meters meters = new Meters(registry);
        objects(meters);
        counts(meters);
        queues(meters);
        node(meters);
        loops(meters);
    }

    private void objects(Meters to) {
        to.gauge(
                "rabbitmq_connections",
                "Connections currently open",
                () -> open(c -> c.sessionsOpened, c -> c.sessionsClosed));
        to.gauge(
                "rabbitmq_channels",
                "Channels currently open",
                () -> open(c -> c.channelsOpened, c -> c.channelsClosed));
        to.gauge("rabbitmq_consumers", "Consumers currently connected", queues::consumers);
        to.gauge("rabbitmq_queues", "Queues available", queues::queues);
        to.gauge(
                "rabbitmq_global_consumers",
                "Current number of consumers",
                ShardFigure.AMQP091,
                () -> Math.max(0, queues.consumers() - amqp10Consumers()));
        to.gauge(
                "rabbitmq_global_consumers",
                "Current number of consumers",
                ShardFigure.AMQP10,
                this::amqp10Consumers);
        to.gauge(
                "rabbitmq_global_publishers",
                "Channels that have published something",
                ShardFigure.AMQP091,
                () ->
                        open(
                                c -> c.publishersBegun - c.amqp10.publishersBegun,
                                c -> c.publishersEnded - c.amqp10.publishersEnded));
        to.gauge(
                "rabbitmq_global_publishers",
                "Channels that have published something",
                ShardFigure.AMQP10,
                () -> open(c -> c.amqp10.publishersBegun, c -> c.amqp10.publishersEnded));
    }

    private double amqp10Consumers() {
        return open(c -> c.amqp10.consumersBegun, c -> c.amqp10.consumersEnded);
    }

    private void counts(Meters to) {
        for (List<ShardFigure> group : ShardFigure.ALL) {
            for (ShardFigure figure : group) {
                to.counter(figure.name(), figure.help(), figure.tags(), () -> sum(figure.of()));
            }
        }
    }

    private void queues(Meters to) {
        to.gauge(
                "rabbitmq_queue_messages_ready",
                "Messages ready to be delivered to consumers",
                queues::ready);
        to.gauge(
                "rabbitmq_queue_messages_unacked",
                "Messages delivered to consumers but not yet acknowledged",
                queues::unacked);
        to.gauge(
                "rabbitmq_queue_messages",
                "Sum of ready and unacknowledged messages",
                () -> queues.ready() + queues.unacked());
        to.gauge(
                "rabbitmq_queue_messages_ready_bytes",
                "Bytes of the bodies of ready messages",
                queues::readyBytes);
        to.gauge(
                "rabbitmq_queue_messages_unacked_bytes",
                "Bytes of the bodies of unacknowledged messages",
                queues::unackedBytes);
        to.gauge(
                "chasqui_queue_oldest_ready_seconds",
                "Age of the oldest message that is ready in any queue; 0 if none is",
                queues::oldestReadySeconds);
        to.gauge("rabbitmq_queue_consumers", "Consumers on queues", queues::consumers);
    }

    private void node(Meters to) {
        to.gauge(
                "rabbitmq_disk_space_available_bytes",
                "Free space on the volume with the data directory",
                () -> known(broker.diskSpace().freeBytes()));
        to.gauge(
                "rabbitmq_disk_space_available_limit_bytes",
                "Free space below which publishers are blocked",
                () -> known(broker.diskSpace().limitBytes()));
        to.gauge(
                "rabbitmq_alarms_memory_used_watermark",
                "1 while the memory alarm blocks publishers",
                () -> raised(Alarms.Shortage.MEMORY));
        to.gauge(
                "rabbitmq_alarms_free_disk_space_watermark",
                "1 while the disk alarm blocks publishers",
                () -> raised(Alarms.Shortage.DISK));
        LogMeters.bind(to, "durable", broker.store().durableLog());
        LogMeters.bind(to, "transient", broker.store().transientLog());
    }

    private void loops(Meters to) {
        for (Shard shard : broker.shards()) {
            Tags loop = Tags.of("loop", Integer.toString(shard.index()));
            to.counter(
                    "chasqui_event_loop_ticks",
                    "Ticks of the event loop",
                    loop,
                    () -> shard.counters().ticks);
            to.counter(
                    "chasqui_event_loop_cold_reads",
                    "Reads from disk that deliveries of the event loop waited for",
                    loop,
                    () -> shard.counters().coldReads);
        }
    }

    /** How many of something are there now; the two figures may be of different moments. */
    private long open(ToLongFunction<ShardCounters> opened, ToLongFunction<ShardCounters> closed) {
        long gone = sum(closed);
        return Math.max(0, sum(opened) - gone);
    }

    private long sum(ToLongFunction<ShardCounters> figure) {
        return broker.shards().stream().mapToLong(s -> figure.applyAsLong(s.counters())).sum();
    }

    private int raised(Alarms.Shortage shortage) {
        return broker.alarms().raised().contains(shortage) ? 1 : 0;
    }

    private static double known(long bytes) {
        return bytes == DiskSpace.UNKNOWN.freeBytes() ? Double.NaN : bytes;
    }
}
