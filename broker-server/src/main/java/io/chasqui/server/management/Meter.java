package io.chasqui.server.management;

import io.chasqui.core.queue.Queue;
import io.chasqui.core.session.ClientReport;
import io.chasqui.core.shard.ShardCounters;
import java.util.List;
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

    /** What has happened to a queue: its {@code message_stats}. */
    static final List<Meter<Queue>> QUEUE_STATS =
            List.of(
                    new Meter<>("publish", queue -> queue.counters().enqueued),
                    new Meter<>("ack", queue -> queue.counters().acknowledged),
                    new Meter<>("deliver", Meter::delivered),
                    new Meter<>("deliver_no_ack", queue -> queue.counters().deliveredAutoAck),
                    new Meter<>("deliver_get", queue -> queue.counters().delivered),
                    new Meter<>("get", queue -> queue.counters().gotManualAck),
                    new Meter<>("get_no_ack", queue -> queue.counters().gotAutoAck),
                    new Meter<>("get_empty", queue -> queue.counters().getEmpty),
                    new Meter<>("redeliver", queue -> queue.counters().redelivered));

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

    private static long delivered(Queue queue) {
        return queue.counters().delivered
                - queue.counters().deliveredAutoAck
                - queue.counters().gotAutoAck
                - queue.counters().gotManualAck;
    }

    private static long givenOut(ShardCounters counters) {
        return counters.deliveredManualAck
                + counters.deliveredAutoAck
                + counters.gotManualAck
                + counters.gotAutoAck;
    }
}
