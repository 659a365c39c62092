package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.queue.ConsumerActivity;
import io.chasqui.core.session.ChannelCounters;
import io.chasqui.core.session.ChannelReport;
import io.chasqui.core.session.ClientReport;
import io.chasqui.core.session.ConsumerReport;
import io.chasqui.core.session.Session;
import io.chasqui.core.shard.Shard;
import io.chasqui.server.definitions.JsonValues;
import io.chasqui.server.http.HttpRefusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Connections, their channels and consumers, as they are told of. */
final class LiveView {

    private final Broker broker;
    private final NodeFacts node;
    private final Sampler sampler;

    /**
     * What happened on a channel.
     *
     * @param idleSinceMs since when nothing has; null if something has just now
     */
    record ChannelFigures(Readings publishes, Readings deliveries, @Nullable Long idleSinceMs) {}

    /** A connection, of one moment. */
    record Live(
            Session session,
            ClientReport report,
            Readings traffic,
            Map<Integer, ChannelFigures> channels) {

        String name() {
            return session.client().name();
        }
    }

    LiveView(Broker broker, NodeFacts node, Sampler sampler) {
        this.sampler = sampler;
        this.broker = broker;
        this.node = node;
    }

    /** The connections that are meant and may be seen, oldest first. */
    List<Live> connections(Call call, Predicate<Session> meant)
            throws HttpRefusal, InterruptedException {
        sampler.watch(call);
        return connections(meant.and(session -> call.caller().seesConnectionsOf(session.user())));
    }

    /** The connections that are meant, whoever may see them, oldest first. */
    List<Live> connections(Predicate<Session> meant) throws HttpRefusal, InterruptedException {
        sampler.watch();
        List<Live> found = ShardLook.everywhere(broker, shard -> on(shard, meant));
        found.sort(Comparator.comparingLong(live -> live.session.id()));
        return found;
    }

    private List<Live> on(Shard shard, Predicate<Session> shown) {
        List<Live> found = new ArrayList<>();
        for (Session session : broker.sessions().all()) {
            if (session.shard() == shard && shown.test(session)) {
                session.client().report().ifPresent(report -> found.add(live(session, report)));
            }
        }
        return found;
    }

    private Live live(Session session, ClientReport report) {
        Map<Integer, ChannelFigures> channels = new HashMap<>();
        for (ChannelReport channel : report.channels()) {
            channels.put(channel.number(), figures(session, channel.number()));
        }
        return new Live(session, report, sampler.traffic(session, report.traffic()), channels);
    }

    private ChannelFigures figures(Session session, int channel) {
        ChannelCounters counters = session.channelCounters(channel);
        return new ChannelFigures(
                sampler.publishes(counters, session.shard()),
                sampler.deliveries(counters, session.shard()),
                sampler.idleSinceMs(counters, session.shard()));
    }

    Map<String, @Nullable Object> connection(Live live, Past dataRates) {
        Session session = live.session;
        ClientReport report = live.report;
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("name", live.name());
        fields.put("node", node.name());
        fields.put("user", session.user());
        fields.put("user_who_performed_action", session.user());
        fields.put("vhost", session.vhost().name());
        fields.put("protocol", session.client().protocol());
        fields.put("type", "network");
        fields.put("state", report.state().name().toLowerCase(Locale.ROOT));
        fields.put("host", report.host().address());
        fields.put("port", report.host().port());
        fields.put("peer_host", report.peer().address());
        fields.put("peer_port", report.peer().port());
        fields.put("user_provided_name", report.givenName());
        if (!report.containerId().isEmpty()) {
            fields.put("container_id", report.containerId());
        }
        fields.put("client_properties", JsonValues.json(report.properties()));
        fields.put("auth_mechanism", report.mechanism());
        fields.put("connected_at", report.connectedAtMs());
        fields.put("timeout", report.heartbeatSeconds());
        fields.put("channel_max", report.channelMax());
        fields.put("frame_max", report.frameMax());
        fields.put("channels", report.channels().size());
        addEncryption(fields, report);
        live.traffic.tell(fields, dataRates);
        addTraffic(fields, report.traffic());
        return fields;
    }

    private static void addEncryption(Map<String, @Nullable Object> fields, ClientReport report) {
        fields.put("ssl", report.encryption().isPresent());
        fields.put(
                "ssl_protocol",
                report.encryption().map(ClientReport.Encryption::protocol).orElse(null));
        fields.put(
                "ssl_cipher", report.encryption().map(ClientReport.Encryption::suite).orElse(null));
    }

    private static void addTraffic(
            Map<String, @Nullable Object> fields, ClientReport.Traffic traffic) {
        fields.put("recv_cnt", traffic.reads());
        fields.put("send_cnt", traffic.flushes());
        fields.put("send_pend", traffic.unsentBytes());
    }

    /** What a connection is called where something of it is told. */
    static Map<String, Object> peer(Live live) {
        Map<String, Object> connection = new LinkedHashMap<>();
        connection.put("name", live.name());
        connection.put("peer_host", live.report.peer().address());
        connection.put("peer_port", live.report.peer().port());
        return connection;
    }

    /** Of one connection, by number. */
    List<Map<String, @Nullable Object>> channels(Live live, Past rates) {
        return live.report.channels().stream()
                .map(channel -> channel(live, channel, rates))
                .toList();
    }

    private Map<String, @Nullable Object> channel(Live live, ChannelReport channel, Past rates) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("name", channelName(live, channel));
        fields.put("number", channel.number());
        fields.put("node", node.name());
        fields.put("user", live.session.user());
        fields.put("user_who_performed_action", live.session.user());
        fields.put("vhost", live.session.vhost().name());
        fields.put("connection_details", peer(live));
        fields.put("state", "running");
        fields.put("confirm", channel.confirms());
        fields.put("transactional", channel.transactional());
        fields.put("prefetch_count", channel.prefetch());
        fields.put("global_prefetch_count", channel.sharedPrefetch());
        fields.put("consumer_count", channel.consumers().size());
        fields.put("messages_unacknowledged", channel.unacknowledged());
        fields.put("messages_unconfirmed", channel.unconfirmed());
        fields.put("messages_uncommitted", channel.uncommittedMessages());
        fields.put("acks_uncommitted", channel.uncommittedAcknowledgements());
        addFigures(fields, live.channels.get(channel.number()), rates);
        return fields;
    }

    private static void addFigures(
            Map<String, @Nullable Object> fields, @Nullable ChannelFigures figures, Past rates) {
        if (figures != null) {
            Readings.tellStats(fields, rates, figures.publishes, figures.deliveries);
            if (figures.idleSinceMs != null) {
                fields.put("idle_since", QueueView.time(figures.idleSinceMs));
            }
        }
    }

    private static String channelName(Live live, ChannelReport channel) {
        return live.name() + " (" + channel.number() + ")";
    }

    /** The channels with one of these names have their consumers told too. */
    List<Map<String, @Nullable Object>> channelNamed(Live live, String name, Past rates) {
        List<Map<String, @Nullable Object>> found = new ArrayList<>();
        for (ChannelReport channel : live.report.channels()) {
            if (channelName(live, channel).equals(name)) {
                Map<String, @Nullable Object> fields = channel(live, channel, rates);
                fields.put(
                        "consumer_details",
                        channel.consumers().stream()
                                .map(consumer -> consumer(live, channel, consumer))
                                .toList());
                fields.put("deliveries", List.of());
                fields.put("publishes", List.of());
                found.add(fields);
            }
        }
        return found;
    }

    /** Of one connection. */
    List<Map<String, @Nullable Object>> consumers(Live live, Predicate<ConsumerReport> meant) {
        List<Map<String, @Nullable Object>> found = new ArrayList<>();
        for (ChannelReport channel : live.report.channels()) {
            for (ConsumerReport consumer : channel.consumers()) {
                if (meant.test(consumer)) {
                    found.add(consumer(live, channel, consumer));
                }
            }
        }
        return found;
    }

    private Map<String, @Nullable Object> consumer(
            Live live, ChannelReport channel, ConsumerReport consumer) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("consumer_tag", consumer.tag());
        fields.put("ack_required", consumer.acknowledges());
        fields.put("exclusive", consumer.exclusive());
        fields.put("prefetch_count", consumer.prefetch());
        fields.put("active", consumer.activity() != ConsumerActivity.WAITING);
        fields.put("activity_status", consumer.activity().listed());
        fields.put("arguments", JsonValues.json(consumer.arguments()));
        fields.put("queue", Map.of("name", consumer.queue(), "vhost", live.session.vhost().name()));
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("name", channelName(live, channel));
        details.put("number", channel.number());
        details.put("connection_name", live.name());
        details.put("node", node.name());
        details.put("user", live.session.user());
        details.put("peer_host", live.report.peer().address());
        details.put("peer_port", live.report.peer().port());
        fields.put("channel_details", details);
        return fields;
    }
}
