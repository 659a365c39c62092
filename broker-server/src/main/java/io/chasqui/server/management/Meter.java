package io.chasqui.server.management;

import io.chasqui.core.exchange.ExchangeTraffic;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.queue.QueueCounters;
import io.chasqui.core.session.ChannelCounters;
import io.chasqui.core.session.ClientReport;
import io.chasqui.core.shard.ShardCounters;
import io.chasqui.core.vhost.PublishCounters;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * A figure that is told together with how fast it changes.
 *
 * @param name RabbitMQ's
 * @param of read on the shard it belongs to
 */
record Meter<T>(String name, ToLongFunction<T> of) {

    /** How many messages a queue holds. */
    static final List<Meter<Queue>> QUEUE_TOTALS =
            List.of(
                    new Meter<>("messages", queue -> queue.ready() + queue.unacked()),
                    new Meter<>("messages_ready", Queue::ready),
                    new Meter<>("messages_unacknowledged", Queue::unacked));

    /** What came into a queue. */
    static final List<Meter<Queue>> QUEUE_PUBLISHES =
            List.of(new Meter<>("publish", queue -> queue.counters().enqueued));

    /** What became of the messages of queues. */
    static final List<Meter<QueueCounters>> DELIVERIES =
            List.of(
                    new Meter<>("ack", counters -> counters.acknowledged),
                    new Meter<>("deliver", Meter::delivered),
                    new Meter<>("deliver_no_ack", counters -> counters.deliveredAutoAck),
                    new Meter<>("deliver_get", counters -> counters.delivered),
                    new Meter<>("get", counters -> counters.gotManualAck),
                    new Meter<>("get_no_ack", counters -> counters.gotAutoAck),
                    new Meter<>("get_empty", counters -> counters.getEmpty),
                    new Meter<>("redeliver", counters -> counters.redelivered));

    /** The same of one queue. */
    static final List<Meter<Queue>> QUEUE_DELIVERIES = within(DELIVERIES, Queue::counters);

    /** What was published in a virtual host. */
    static final List<Meter<PublishCounters>> PUBLISHES =
            List.of(
                    new Meter<>("publish", counters -> counters.published),
                    new Meter<>("confirm", counters -> counters.confirmed),
                    new Meter<>("return_unroutable", counters -> counters.unroutableReturned),
                    new Meter<>("drop_unroutable", counters -> counters.unroutableDropped));

    /** The same of a channel. */
    static final List<Meter<ChannelCounters>> CHANNEL_PUBLISHES =
            within(PUBLISHES, channel -> channel.published);

    /** What went out over a channel. */
    static final List<Meter<ChannelCounters>> CHANNEL_DELIVERIES =
            List.of(
                    new Meter<>("ack", channel -> channel.acknowledged),
                    new Meter<>("deliver", channel -> channel.deliveredManualAck),
                    new Meter<>("deliver_no_ack", channel -> channel.deliveredAutoAck),
                    new Meter<>("deliver_get", Meter::givenOut),
                    new Meter<>("get", channel -> channel.gotManualAck),
                    new Meter<>("get_no_ack", channel -> channel.gotAutoAck),
                    new Meter<>("get_empty", channel -> channel.getEmpty),
                    new Meter<>("redeliver", channel -> channel.redelivered));

    /** What was published to an exchange. */
    static final List<Meter<ExchangeTraffic>> EXCHANGE_IN =
            List.of(new Meter<>("publish_in", traffic -> traffic.in));

    /** How many copies of that queues got. */
    static final List<Meter<ExchangeTraffic>> EXCHANGE_OUT =
            List.of(new Meter<>("publish_out", traffic -> traffic.out));

    /** What has happened in the whole broker: the overview's {@code message_stats}. */
    static final List<Meter<ShardCounters>> BROKER_STATS =
            List.of(
                    new Meter<>("publish", counters -> counters.published),
                    new Meter<>("confirm", counters -> counters.confirmed),
                    new Meter<>("return_unroutable", counters -> counters.unroutableReturned),
                    new Meter<>("drop_unroutable", counters -> counters.unroutableDropped),
                    new Meter<>("ack", counters -> counters.acknowledged),
                    new Meter<>("deliver", counters -> counters.deliveredManualAck),
                    new Meter<>("deliver_no_ack", counters -> counters.deliveredAutoAck),
                    new Meter<>("deliver_get", Meter::givenOut),
                    new Meter<>("get", counters -> counters.gotManualAck),
                    new Meter<>("get_no_ack", counters -> counters.gotAutoAck),
                    new Meter<>("get_empty", counters -> counters.getEmpty),
                    new Meter<>("redeliver", counters -> counters.redelivered),
                    new Meter<>("disk_reads", counters -> counters.coldReads));

    /** What has gone over a connection. */
    static final List<Meter<ClientReport.Traffic>> TRAFFIC =
            List.of(
                    new Meter<>("recv_oct", ClientReport.Traffic::receivedBytes),
                    new Meter<>("send_oct", ClientReport.Traffic::sentBytes));

    /** What came and went in the whole broker. */
    static final List<Meter<ShardCounters>> CHURN =
            List.of(
                    new Meter<>("connection_created", counters -> counters.sessionsOpened),
                    new Meter<>("connection_closed", counters -> counters.sessionsClosed),
                    new Meter<>("channel_created", counters -> counters.channelsOpened),
                    new Meter<>("channel_closed", counters -> counters.channelsClosed),
                    new Meter<>("queue_declared", counters -> counters.queuesDeclared),
                    new Meter<>("queue_created", counters -> counters.queuesCreated),
                    new Meter<>("queue_deleted", counters -> counters.queuesDeleted));

    private static <A, B> List<Meter<B>> within(List<Meter<A>> meters, Function<B, A> part) {
        return meters.stream()
                .map(meter ->
                        new Meter<B>(
                                meter.name(), whole -> meter.of().applyAsLong(part.apply(whole))))
                .toList();
    }

    private static long delivered(QueueCounters counters) {
        return counters.delivered
                - counters.deliveredAutoAck
                - counters.gotAutoAck
                - counters.gotManualAck;
    }

    private static long givenOut(ShardCounters counters) {
        return counters.deliveredManualAck
                + counters.deliveredAutoAck
                + counters.gotManualAck
                + counters.gotAutoAck;
    }

    private static long givenOut(ChannelCounters channel) {
        return channel.deliveredManualAck
                + channel.deliveredAutoAck
                + channel.gotManualAck
                + channel.gotAutoAck;
    }
}
