package io.chasqui.metrics;

import io.chasqui.core.Alarms;
import io.chasqui.core.boot.Broker;
import io.chasqui.core.boot.DiskSpace;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.shard.ShardCounters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToLongFunction;

/**
 * Publishes what a broker counts to any Micrometer registry, under RabbitMQ's names where RabbitMQ
 * has the same figure. Figures are read when somebody asks: the hot path pays a plain increment and
 * nothing else.
 */
public final class BrokerMeters implements MeterBinder {

    private static final Tags AMQP091 = Tags.of("protocol", "amqp091");
    private static final Tags CLASSIC = AMQP091.and("queue_type", "rabbit_classic_queue");

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
        churn(meters);
        publishing(meters);
        consuming(meters);
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
                AMQP091,
                queues::consumers);
        to.gauge(
                "rabbitmq_global_publishers",
                "Channels that have published something",
                AMQP091,
                () -> open(c -> c.publishersBegun, c -> c.publishersEnded));
    }

    private void churn(Meters to) {
        count(to, "rabbitmq_connections_opened", "Connections opened", c -> c.sessionsOpened);
        count(to, "rabbitmq_connections_closed", "Connections closed", c -> c.sessionsClosed);
        count(to, "rabbitmq_channels_opened", "Channels opened", c -> c.channelsOpened);
        count(to, "rabbitmq_channels_closed", "Channels closed", c -> c.channelsClosed);
        count(to, "rabbitmq_queues_declared", "Declarations of queues", c -> c.queuesDeclared);
        count(to, "rabbitmq_queues_created", "Queues created", c -> c.queuesCreated);
        count(to, "rabbitmq_queues_deleted", "Queues deleted", c -> c.queuesDeleted);
    }

    private void publishing(Meters to) {
        global(to, "received", "received from publishers", AMQP091, c -> c.published);
        global(
                to,
                "received_confirm",
                "received from publishers that ask for confirms",
                AMQP091,
                c -> c.publishedForConfirm);
        global(to, "confirmed", "confirmed to publishers", AMQP091, c -> c.confirmed);
        global(to, "routed", "that reached at least one queue", AMQP091, c -> c.routed);
        global(
                to,
                "unroutable_dropped",
                "that reached no queue and were dropped",
                AMQP091,
                c -> c.unroutableDropped);
        global(
                to,
                "unroutable_returned",
                "that reached no queue and were returned",
                AMQP091,
                c -> c.unroutableReturned);
        count(
                to,
                "chasqui_messages_enqueued",
                "Messages put into queues, one for each queue",
                c -> c.enqueued);
    }

    private void consuming(Meters to) {
        global(
                to,
                "delivered",
                "sent to consumers and to basic.get",
                CLASSIC,
                c -> c.deliveredManualAck + c.deliveredAutoAck + c.gotManualAck + c.gotAutoAck);
        global(
                to,
                "delivered_consume_auto_ack",
                "sent to consumers that need not acknowledge",
                CLASSIC,
                c -> c.deliveredAutoAck);
        global(
                to,
                "delivered_consume_manual_ack",
                "sent to consumers that acknowledge",
                CLASSIC,
                c -> c.deliveredManualAck);
        global(
                to,
                "delivered_get_auto_ack",
                "fetched by basic.get, not to be acknowledged",
                CLASSIC,
                c -> c.gotAutoAck);
        global(
                to,
                "delivered_get_manual_ack",
                "fetched by basic.get, to be acknowledged",
                CLASSIC,
                c -> c.gotManualAck);
        count(
                to,
                "rabbitmq_global_messages_get_empty",
                "Times basic.get found no message",
                CLASSIC,
                c -> c.getEmpty);
        global(to, "redelivered", "sent again", CLASSIC, c -> c.redelivered);
        global(to, "acknowledged", "acknowledged by consumers", CLASSIC, c -> c.acknowledged);
        count(to, "chasqui_messages_requeued", "Messages given back by consumers", c -> c.requeued);
        count(
                to,
                "chasqui_messages_rejected",
                "Messages refused by consumers and not requeued",
                c -> c.rejected);
        count(to, "chasqui_messages_purged", "Messages dropped by queue.purge", c -> c.purged);
        count(
                to,
                "chasqui_messages_expired",
                "Messages that outlived their time in a queue",
                c -> c.expired);
        count(
                to,
                "chasqui_messages_unreadable",
                "Messages passed over because they could not be read",
                c -> c.unreadable);
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
                "Bytes of the records of ready messages, headers included",
                queues::readyBytes);
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

    private void global(
            Meters to, String name, String help, Tags tags, ToLongFunction<ShardCounters> figure) {
        count(to, "rabbitmq_global_messages_" + name, "Messages " + help, tags, figure);
    }

    private void count(Meters to, String name, String help, ToLongFunction<ShardCounters> figure) {
        count(to, name, help, Tags.empty(), figure);
    }

    private void count(
            Meters to, String name, String help, Tags tags, ToLongFunction<ShardCounters> figure) {
        to.counter(name, help, tags, () -> sum(figure));
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
