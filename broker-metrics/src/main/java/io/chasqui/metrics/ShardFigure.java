package io.chasqui.metrics;

import io.chasqui.core.message.DeathReason;
import io.chasqui.core.shard.ProtocolCounters;
import io.chasqui.core.shard.ShardCounters;
import io.micrometer.core.instrument.Tags;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * One thing that every shard counts, under RabbitMQ's name where RabbitMQ has it.
 *
 * @param name without {@code _total}
 */
record ShardFigure(String name, String help, Tags tags, ToLongFunction<ShardCounters> of) {

    static final Tags AMQP091 = Tags.of("protocol", "amqp091");
    static final Tags AMQP10 = Tags.of("protocol", "amqp10");
    private static final Tags QUEUE = Tags.of("queue_type", "rabbit_classic_queue");
    private static final Tags CLASSIC = AMQP091.and(QUEUE);

    private static final Tags DEAD_LETTERED =
            Tags.of(
                    "queue_type", "rabbit_classic_queue",
                    "dead_letter_strategy", "at_most_once");

    private static final List<ShardFigure> CHURN =
            List.of(
                    plain(
                            "rabbitmq_connections_opened",
                            "Connections opened",
                            c -> c.sessionsOpened),
                    plain(
                            "rabbitmq_connections_closed",
                            "Connections closed",
                            c -> c.sessionsClosed),
                    plain("rabbitmq_channels_opened", "Channels opened", c -> c.channelsOpened),
                    plain("rabbitmq_channels_closed", "Channels closed", c -> c.channelsClosed),
                    plain(
                            "rabbitmq_queues_declared",
                            "Declarations of queues",
                            c -> c.queuesDeclared),
                    plain("rabbitmq_queues_created", "Queues created", c -> c.queuesCreated),
                    plain("rabbitmq_queues_deleted", "Queues deleted", c -> c.queuesDeleted),
                    plain(
                            "chasqui_queues_expired",
                            "Queues deleted because nobody used them for the time of their x-expires",
                            c -> c.queuesExpired));

    private static final List<ShardFigure> PUBLISHING =
            Stream.of(
                            received(
                                    "received",
                                    "received from publishers",
                                    c -> c.published,
                                    c -> c.published),
                            received(
                                    "received_confirm",
                                    "received from publishers that ask for confirms",
                                    c -> c.publishedForConfirm,
                                    c -> c.publishedForConfirm),
                            received(
                                    "confirmed",
                                    "confirmed to publishers",
                                    c -> c.confirmed,
                                    c -> c.confirmed),
                            received(
                                    "routed",
                                    "that reached at least one queue",
                                    c -> c.routed,
                                    c -> c.routed),
                            received(
                                    "unroutable_dropped",
                                    "that reached no queue and were dropped",
                                    c -> c.unroutableDropped,
                                    c -> c.unroutableDropped),
                            received(
                                    "unroutable_returned",
                                    "that reached no queue and were returned",
                                    c -> c.unroutableReturned,
                                    c -> c.unroutableReturned))
                    .flatMap(List::stream)
                    .toList();

    private static final List<ShardFigure> DELIVERING =
            Stream.of(
                            byProtocol(
                                    "messages_delivered",
                                    "Messages sent to consumers and to basic.get",
                                    QUEUE,
                                    c ->
                                            c.deliveredManualAck
                                                    + c.deliveredAutoAck
                                                    + c.gotManualAck
                                                    + c.gotAutoAck,
                                    c -> c.deliveredManualAck + c.deliveredAutoAck),
                            byProtocol(
                                    "messages_delivered_consume_auto_ack",
                                    "Messages sent to consumers that need not acknowledge",
                                    QUEUE,
                                    c -> c.deliveredAutoAck,
                                    c -> c.deliveredAutoAck),
                            byProtocol(
                                    "messages_delivered_consume_manual_ack",
                                    "Messages sent to consumers that acknowledge",
                                    QUEUE,
                                    c -> c.deliveredManualAck,
                                    c -> c.deliveredManualAck))
                    .flatMap(List::stream)
                    .toList();

    private static final List<ShardFigure> CONSUMING =
            List.of(
                    sent(
                            "messages_delivered_get_auto_ack",
                            "Messages fetched by basic.get, not to be acknowledged",
                            c -> c.gotAutoAck),
                    sent(
                            "messages_delivered_get_manual_ack",
                            "Messages fetched by basic.get, to be acknowledged",
                            c -> c.gotManualAck),
                    sent("messages_get_empty", "Times basic.get found no message", c -> c.getEmpty),
                    sent("messages_redelivered", "Messages sent again", c -> c.redelivered),
                    sent(
                            "messages_acknowledged",
                            "Messages acknowledged by consumers",
                            c -> c.acknowledged));

    private static final List<ShardFigure> QUEUEING =
            List.of(
                    plain(
                            "chasqui_messages_enqueued",
                            "Messages put into queues, one for each queue",
                            c -> c.enqueued),
                    plain(
                            "chasqui_messages_requeued",
                            "Messages given back by consumers",
                            c -> c.requeued),
                    plain(
                            "chasqui_messages_rejected",
                            "Messages refused by consumers and not requeued",
                            c -> c.rejected),
                    plain(
                            "chasqui_messages_purged",
                            "Messages dropped by queue.purge",
                            c -> c.purged),
                    plain(
                            "chasqui_messages_expired",
                            "Messages that outlived their time in a queue",
                            c -> c.expired),
                    plain(
                            "chasqui_messages_refused",
                            "Messages refused by queues that were full",
                            c -> c.refused),
                    plain(
                            "chasqui_messages_unreadable",
                            "Messages passed over because they could not be read",
                            c -> c.unreadable));

    private static final List<ShardFigure> DYING =
            Arrays.stream(DeathReason.values()).map(ShardFigure::deadLettered).toList();

    static final List<List<ShardFigure>> ALL =
            List.of(CHURN, PUBLISHING, DELIVERING, CONSUMING, QUEUEING, DYING);

    private static ShardFigure deadLettered(DeathReason reason) {
        return new ShardFigure(
                "rabbitmq_global_messages_dead_lettered_" + reason.wireName(),
                "Messages sent on to a dead letter exchange: " + reason.wireName(),
                DEAD_LETTERED,
                c -> c.deadLettered[reason.ordinal()]);
    }

    private static ShardFigure plain(String name, String help, ToLongFunction<ShardCounters> of) {
        return new ShardFigure(name, help, Tags.empty(), of);
    }

    private static List<ShardFigure> received(
            String name,
            String help,
            ToLongFunction<ShardCounters> all,
            ToLongFunction<ProtocolCounters> amqp10) {
        return byProtocol("messages_" + name, "Messages " + help, Tags.empty(), all, amqp10);
    }

    /** What is counted for all protocols together, and of that the part of AMQP 1.0. */
    private static List<ShardFigure> byProtocol(
            String name,
            String help,
            Tags more,
            ToLongFunction<ShardCounters> all,
            ToLongFunction<ProtocolCounters> amqp10) {
        return List.of(
                new ShardFigure(
                        "rabbitmq_global_" + name,
                        help,
                        AMQP091.and(more),
                        c -> all.applyAsLong(c) - amqp10.applyAsLong(c.amqp10)),
                new ShardFigure(
                        "rabbitmq_global_" + name,
                        help,
                        AMQP10.and(more),
                        c -> amqp10.applyAsLong(c.amqp10)));
    }

    private static ShardFigure sent(String name, String help, ToLongFunction<ShardCounters> of) {
        return new ShardFigure("rabbitmq_global_" + name, help, CLASSIC, of);
    }
}
