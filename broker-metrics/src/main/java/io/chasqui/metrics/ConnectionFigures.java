package io.chasqui.metrics;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.session.ChannelReport;
import io.chasqui.core.session.ClientReport;
import io.chasqui.core.session.Session;
import io.chasqui.core.shard.Shard;
import io.chasqui.metrics.Exposition.Type;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** Writes the figures of every connection and channel, under RabbitMQ's names. */
final class ConnectionFigures {

    private static final String COARSE = "connection_coarse_metrics";
    private static final String DETAILS = "connection_metrics";
    private static final String CHANNELS = "channel_metrics";

    /** What {@code family=} says. */
    static final Set<String> FAMILIES = Set.of(COARSE, DETAILS, CHANNELS);

    /** Connections read in one task: each has some ten channels to look at. */
    private static final int SLICE = 100;

    /** One figure of a connection or of a channel. */
    private record Figure<T>(
            String family, String name, Type type, String help, ToLongFunction<T> of) {}

    private static final List<Figure<ClientReport>> OF_CONNECTIONS =
            List.of(
                    new Figure<>(
                            COARSE,
                            "connection_incoming_bytes_total",
                            Type.COUNTER,
                            "Bytes received on a connection",
                            client -> client.traffic().receivedBytes()),
                    new Figure<>(
                            COARSE,
                            "connection_outgoing_bytes_total",
                            Type.COUNTER,
                            "Bytes sent on a connection",
                            client -> client.traffic().sentBytes()),
                    new Figure<>(
                            DETAILS,
                            "connection_incoming_packets_total",
                            Type.COUNTER,
                            "Times something was read from a connection",
                            client -> client.traffic().reads()),
                    new Figure<>(
                            DETAILS,
                            "connection_outgoing_packets_total",
                            Type.COUNTER,
                            "Times something was sent on a connection",
                            client -> client.traffic().flushes()),
                    new Figure<>(
                            DETAILS,
                            "connection_channels",
                            Type.GAUGE,
                            "Channels on a connection",
                            client -> client.channels().size()));

    private static final List<Figure<ChannelReport>> OF_CHANNELS =
            List.of(
                    ofChannel(
                            "channel_consumers",
                            "Consumers on a channel",
                            channel -> channel.consumers().size()),
                    ofChannel(
                            "channel_messages_unacked",
                            "Messages delivered but not yet acknowledged",
                            ChannelReport::unacknowledged),
                    ofChannel(
                            "channel_messages_unconfirmed",
                            "Messages published but not yet confirmed",
                            ChannelReport::unconfirmed),
                    ofChannel(
                            "channel_messages_uncommitted",
                            "Messages of a transaction that is not yet committed",
                            ChannelReport::uncommittedMessages),
                    ofChannel(
                            "channel_acks_uncommitted",
                            "Acknowledgements of a transaction that is not yet committed",
                            ChannelReport::uncommittedAcknowledgements),
                    ofChannel(
                            "consumer_prefetch",
                            "Limit of unacknowledged messages of each new consumer; 0 for none",
                            ChannelReport::prefetch),
                    ofChannel(
                            "channel_prefetch",
                            "Limit of unacknowledged messages of all consumers together; 0 for none",
                            ChannelReport::sharedPrefetch));

    private static Figure<ChannelReport> ofChannel(
            String name, String help, ToLongFunction<ChannelReport> of) {
        return new Figure<>(CHANNELS, name, Type.GAUGE, help, of);
    }

    /** A connection and the labels of its samples. */
    private record Row(String labels, ClientReport client) {}

    private ConnectionFigures() {}

    /**
     * Reads the connections to the virtual hosts wanted, and writes what is asked for.
     *
     * @throws TimeoutException if an event loop does not answer
     */
    static void write(
            Exposition to,
            String prefix,
            Broker broker,
            Set<String> families,
            Predicate<String> vhosts)
            throws IOException, InterruptedException, TimeoutException {
        List<Row> rows = read(broker, vhosts);
        for (Figure<ClientReport> figure : OF_CONNECTIONS) {
            if (families.contains(figure.family())) {
                String name = heading(to, prefix, figure);
                for (Row row : rows) {
                    to.sample(name, row.labels(), figure.of().applyAsLong(row.client()));
                }
            }
        }
        for (Figure<ChannelReport> figure : OF_CHANNELS) {
            if (families.contains(figure.family())) {
                String name = heading(to, prefix, figure);
                for (Row row : rows) {
                    for (ChannelReport channel : row.client().channels()) {
                        String number = Integer.toString(channel.number());
                        to.sample(
                                name,
                                row.labels() + ',' + Exposition.label("channel", number),
                                figure.of().applyAsLong(channel));
                    }
                }
            }
        }
    }

    private static String heading(Exposition to, String prefix, Figure<?> figure)
            throws IOException {
        String name = prefix + figure.name();
        to.family(name, figure.type(), figure.help());
        return name;
    }

    private static List<Row> read(Broker broker, Predicate<String> vhosts)
            throws InterruptedException, TimeoutException {
        List<Row> rows = new ArrayList<>();
        for (Shard shard : broker.shards()) {
            List<Session> there =
                    broker.sessions().all().stream()
                            .filter(session -> session.shard() == shard)
                            .filter(session -> vhosts.test(session.vhost().name()))
                            .toList();
            ShardReading.read(
                    shard,
                    there,
                    SLICE,
                    session ->
                            session.client()
                                    .report()
                                    .ifPresent(client -> rows.add(row(session, client))));
        }
        return rows;
    }

    private static Row row(Session session, ClientReport client) {
        return new Row(
                Exposition.label("vhost", session.vhost().name())
                        + ','
                        + Exposition.label("connection", session.client().name()),
                client);
    }
}
