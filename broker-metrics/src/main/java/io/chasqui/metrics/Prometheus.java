package io.chasqui.metrics;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.shard.MessageSizes;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.shard.ShardCounters;
import io.chasqui.core.time.Durations;
import io.chasqui.metrics.Exposition.Type;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A broker's metrics as Prometheus reads them, at the three levels of detail that RabbitMQ has.
 * Every method reads anew and writes while it reads; it waits for event loops and for the reader of
 * the stream, and so must not run on an event loop.
 */
public final class Prometheus {

    /** Of everything written here. */
    public static final String CONTENT_TYPE = Exposition.CONTENT_TYPE;

    private static final String PREFIX = "rabbitmq_";
    private static final String DETAILED_PREFIX = "rabbitmq_detailed_";
    private static final String OWN_PREFIX = "chasqui_";
    private static final String OWN_DETAILED_PREFIX = "chasqui_detailed_";
    private static final String AMQP091 = Exposition.label("protocol", "amqp091");
    private static final String AMQP10 = Exposition.label("protocol", "amqp10");

    private final Broker broker;
    private final Node node;
    private final QueueTotals totals;
    private final MeterRegistry registry = new SimpleMeterRegistry();

    public Prometheus(Broker broker, Node node) {
        this.broker = broker;
        this.node = node;
        this.totals = new QueueTotals(broker);
        new BrokerMeters(broker, totals).bindTo(registry);
        new ProcessMeters(node.memoryLimitBytes()).bindTo(registry);
    }

    /** Writes sums over everything: as much for a thousand queues as for one. */
    public void aggregated(OutputStream out)
            throws IOException, InterruptedException, TimeoutException {
        totals.refresh();
        Exposition to = new Exposition(out);
        identity(to, "aggregated");
        MeterText.write(registry, to);
        messageSizes(to);
        latencies(to);
        to.finish();
    }

    /** Writes every figure of every virtual host, connection, channel and queue. */
    public void perObject(OutputStream out)
            throws IOException, InterruptedException, TimeoutException {
        totals.refresh();
        Exposition to = new Exposition(out);
        identity(to, "per-object");
        VhostFigures.write(to, OWN_PREFIX, broker.vhosts().all());
        ConnectionFigures.write(to, PREFIX, broker, ConnectionFigures.FAMILIES, _ -> true);
        queues(to, PREFIX, OWN_PREFIX, EnumSet.allOf(QueueFigure.Group.class), _ -> true);
        to.finish();
    }

    /**
     * Writes what is asked for.
     *
     * @param families names of RabbitMQ's; unknown ones are passed over
     * @param vhosts names of virtual hosts; none for all of them
     */
    public void detailed(OutputStream out, Set<String> families, Set<String> vhosts)
            throws IOException, InterruptedException, TimeoutException {
        Exposition to = new Exposition(out);
        identity(to, "detailed");
        EnumSet<QueueFigure.Group> groups = EnumSet.noneOf(QueueFigure.Group.class);
        Arrays.stream(QueueFigure.Group.values())
                .filter(group -> families.contains(group.family()))
                .forEach(groups::add);
        Predicate<String> wanted = vhost -> vhosts.isEmpty() || vhosts.contains(vhost);
        if (families.contains(VhostFigures.FAMILY)) {
            VhostFigures.write(
                    to,
                    OWN_DETAILED_PREFIX,
                    broker.vhosts().all().stream().filter(v -> wanted.test(v.name())).toList());
        }
        if (!Collections.disjoint(families, ConnectionFigures.FAMILIES)) {
            ConnectionFigures.write(to, DETAILED_PREFIX, broker, families, wanted);
        }
        if (!groups.isEmpty()) {
            queues(to, DETAILED_PREFIX, OWN_DETAILED_PREFIX, groups, wanted);
        }
        to.finish();
    }

    private void identity(Exposition to, String endpoint) throws IOException {
        to.family("rabbitmq_build_info", Type.UNTYPED, "Versions of the broker and of Java");
        to.sample(
                "rabbitmq_build_info",
                String.join(
                        ",",
                        Exposition.label("rabbitmq_version", node.version()),
                        Exposition.label("prometheus_plugin_version", node.version()),
                        Exposition.label("erlang_version", "Java " + Runtime.version().feature()),
                        Exposition.label("product", "Chasqui")),
                1);
        to.family("rabbitmq_identity_info", Type.UNTYPED, "Names of the node and the cluster");
        to.sample(
                "rabbitmq_identity_info",
                String.join(
                        ",",
                        Exposition.label("rabbitmq_node", node.name()),
                        Exposition.label("rabbitmq_cluster", node.cluster()),
                        Exposition.label("rabbitmq_endpoint", endpoint)),
                1);
    }

    private void queues(
            Exposition to,
            String prefix,
            String ownPrefix,
            Set<QueueFigure.Group> groups,
            Predicate<String> vhosts)
            throws IOException, InterruptedException, TimeoutException {
        QueueFigures figures = QueueFigures.read(broker, vhosts);
        for (int i = 0; i < QueueFigure.ALL.size(); i++) {
            QueueFigure figure = QueueFigure.ALL.get(i);
            if (groups.contains(figure.group())) {
                String name = (figure.own() ? ownPrefix : prefix) + figure.name();
                to.family(name, figure.type(), figure.help());
                for (int queue = 0; queue < figures.size(); queue++) {
                    double value = figures.figure(queue, i);
                    if (!Double.isNaN(value)) {
                        to.sample(name, figures.labels(queue), value);
                    }
                }
            }
        }
        if (groups.contains(QueueFigure.Group.LATENCY)) {
            QueueLatencies.write(to, ownPrefix, figures);
        }
    }

    private void latencies(Exposition to) throws IOException {
        overall(
                to,
                "chasqui_queue_wait_seconds",
                "Time of messages from being stored to their first delivery",
                c -> c.waits);
        overall(
                to,
                "chasqui_queue_service_seconds",
                "Time of messages from a delivery to its acknowledgement",
                c -> c.services);
        overall(
                to,
                "chasqui_confirm_seconds",
                "Time of publishes from being received to their confirm",
                c -> c.confirms);
        byLoop(
                to,
                "chasqui_event_loop_tick_seconds",
                "Time an event loop works before it looks at its sockets again",
                c -> c.tickDurations);
        byLoop(
                to,
                "chasqui_event_loop_lag_seconds",
                "How late an event loop's timer is, looked at twice a second",
                c -> c.timerLags);
        Histograms histograms = new Histograms(to);
        String commit = "chasqui_log_commit_seconds";
        histograms.family(commit, "Time of group commits, from the first write to the sync's end");
        histograms.write(
                commit,
                Exposition.label("log", "durable"),
                List.of(broker.store().durableLog().counters().commitDurations()));
    }

    private void byLoop(
            Exposition to, String name, String help, Function<ShardCounters, Durations> of)
            throws IOException {
        Histograms histograms = new Histograms(to);
        histograms.family(name, help);
        for (Shard shard : broker.shards()) {
            histograms.write(
                    name,
                    Exposition.label("loop", Integer.toString(shard.index())),
                    List.of(of.apply(shard.counters())));
        }
    }

    /** Writes the sum over all event loops. */
    private void overall(
            Exposition to, String name, String help, Function<ShardCounters, Durations> of)
            throws IOException {
        Histograms histograms = new Histograms(to);
        histograms.family(name, help);
        histograms.write(
                name,
                "",
                broker.shards().stream().map(shard -> of.apply(shard.counters())).toList());
    }

    private void messageSizes(Exposition to) throws IOException {
        String name = "rabbitmq_message_size_bytes";
        to.family(name, Type.HISTOGRAM, "Size of messages received from publishers");
        messageSizes(to, AMQP091, 1, -1);
        messageSizes(to, AMQP10, 0, 1);
    }

    /** Of all messages, and of those of AMQP 1.0, so many times each. */
    private void messageSizes(Exposition to, String protocol, int all, int amqp10)
            throws IOException {
        String name = "rabbitmq_message_size_bytes";
        long count = 0;
        long sum = 0;
        for (Shard shard : broker.shards()) {
            ShardCounters counters = shard.counters();
            sum += all * counters.publishedBytes + amqp10 * counters.amqp10.publishedBytes;
        }
        for (int sizeClass = 0; sizeClass < MessageSizes.classes(); sizeClass++) {
            for (Shard shard : broker.shards()) {
                ShardCounters counters = shard.counters();
                count +=
                        all * counters.publishedSizes.count(sizeClass)
                                + amqp10 * counters.amqp10.publishedSizes.count(sizeClass);
            }
            long bound = MessageSizes.bound(sizeClass);
            String le = bound == Long.MAX_VALUE ? "+Inf" : Long.toString(bound);
            to.sample(name + "_bucket", protocol + ',' + Exposition.label("le", le), count);
        }
        to.sample(name + "_sum", protocol, sum);
        to.sample(name + "_count", protocol, count);
    }
}
