package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.session.Session;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.server.http.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The whole broker at a glance: {@code /overview}. */
final class OverviewResource {

    /** For how many seconds the past is told, see {@link Past}. */
    private static final Map<String, List<Integer>> RETENTION =
            Map.of("global", List.of(60), "basic", List.of(60), "detailed", List.of(60));

    private final Broker broker;
    private final Sampler sampler;
    private final NodeFacts node;
    private final NodeGauges gauges;
    private final ClusterName cluster;

    OverviewResource(
            Broker broker,
            Sampler sampler,
            NodeFacts node,
            NodeGauges gauges,
            ClusterName cluster) {
        this.cluster = cluster;
        this.broker = broker;
        this.sampler = sampler;
        this.node = node;
        this.gauges = gauges;
    }

    void mount(Api api) {
        api.get("/overview", Need.MANAGEMENT, this::overview);
    }

    /** Who may not see the node is told of its virtual hosts alone. */
    private Response overview(Call call) throws Exception {
        sampler.watch(call);
        Caller caller = call.caller();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        addIdentity(fields);
        List<VirtualHost> vhosts = Vhosts.listed(broker, call);
        List<Part> parts = ShardLook.everywhere(broker, shard -> List.of(part(shard, vhosts)));
        Part sum = new Part();
        parts.forEach(sum::add);
        if (caller.monitors()) {
            fields.put("message_stats", sum.broker.told(Past.messageRates(call)));
        } else {
            tellStatsOf(vhosts, fields, Past.messageRates(call));
        }
        fields.put("queue_totals", sum.totals.told(Past.lengths(call)));
        fields.put("object_totals", objects(caller, vhosts, sum));
        fields.put("statistics_db_event_queue", 0);
        if (caller.monitors()) {
            fields.put("churn_rates", sum.churn.told(Past.NONE));
            fields.put("node", node.name());
            fields.put("listeners", listeners());
            fields.put("contexts", contexts());
        }
        return Listing.one(call, fields);
    }

    private void tellStatsOf(
            List<VirtualHost> vhosts, Map<String, @Nullable Object> fields, Past past)
            throws Exception {
        if (!vhosts.isEmpty()) {
            VhostFigures.sum(VhostFigures.of(broker, sampler, vhosts)).tellStats(fields, past);
        }
    }

    private void addIdentity(Map<String, @Nullable Object> fields) {
        fields.put("management_version", node.rabbitmqVersion());
        fields.put("rates_mode", "basic");
        fields.put("sample_retention_policies", RETENTION);
        fields.put("exchange_types", Offered.exchangeTypes());
        fields.put("product_name", node.product());
        fields.put("product_version", node.productVersion());
        fields.put("rabbitmq_version", node.rabbitmqVersion());
        fields.put("cluster_name", cluster.get());
        fields.put("cluster_tags", Map.of());
        fields.put("node_tags", Map.of());
        NodeResource.addRuntime(fields);
        fields.put("disable_stats", false);
        fields.put("enable_queue_totals", false);
        fields.put("default_queue_type", broker.defaultQueueType().wireName());
        fields.put("is_op_policy_updating_enabled", true);
    }

    /** What one shard knows. */
    private static final class Part {
        private final Readings broker = Readings.none(Meter.BROKER_STATS);
        private final Readings churn = Readings.none(Meter.CHURN);
        private final Readings totals = Readings.none(Meter.QUEUE_TOTALS);
        private long queues;
        private long consumers;
        private long channels;

        void add(Part other) {
            broker.add(other.broker);
            churn.add(other.churn);
            totals.add(other.totals);
            queues += other.queues;
            consumers += other.consumers;
            channels += other.channels;
        }
    }

    private Part part(Shard shard, List<VirtualHost> vhosts) {
        Part part = new Part();
        part.broker.add(sampler.brokerStats(shard));
        part.churn.add(sampler.churn(shard));
        part.channels = shard.counters().channelsOpened - shard.counters().channelsClosed;
        for (VirtualHost vhost : vhosts) {
            for (Queue queue : vhost.queues()) {
                if (queue.shard() == shard && !queue.isDeleted()) {
                    part.totals.add(sampler.totals(queue));
                    part.queues++;
                    part.consumers += queue.consumers();
                }
            }
        }
        return part;
    }

    private Map<String, @Nullable Object> objects(
            Caller caller, List<VirtualHost> vhosts, Part sum) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("channels", sum.channels);
        fields.put("connections", connections(caller));
        fields.put("consumers", sum.consumers);
        fields.put("exchanges", vhosts.stream().mapToLong(vhost -> vhost.exchanges().size()).sum());
        fields.put("queues", sum.queues);
        return fields;
    }

    private long connections(Caller caller) {
        return broker.sessions().all().stream()
                .filter(session -> session.client().isConnection())
                .map(Session::user)
                .filter(caller::seesConnectionsOf)
                .count();
    }

    private List<Map<String, Object>> listeners() {
        return gauges.listening().get().stream().map(this::described).toList();
    }

    /** Where HTTP is answered; the port is a text, as in RabbitMQ. */
    private List<Map<String, Object>> contexts() {
        return gauges.listening().get().stream()
                .filter(listening -> listening.protocol().startsWith("http"))
                .map(this::context)
                .toList();
    }

    private Map<String, Object> context(Listening listening) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("node", node.name());
        fields.put("description", listening.protocol());
        fields.put("path", "/");
        fields.put("ip", listening.address());
        fields.put("port", String.valueOf(listening.port()));
        fields.put("ssl_opts", List.of());
        return fields;
    }

    private Map<String, Object> described(Listening listening) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("node", node.name());
        fields.put("protocol", listening.protocol());
        fields.put("ip_address", listening.address());
        fields.put("port", listening.port());
        fields.put("tls", listening.encrypted());
        fields.put("socket_opts", Map.of());
        return fields;
    }
}
