package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.session.ClientReport;
import io.chasqui.core.session.Session;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.shard.ShardCounters;
import io.chasqui.core.time.Clock;
import io.chasqui.core.vhost.VirtualHost;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How fast figures change: every few seconds each shard notes those of its queues, its connections
 * and its own, and what became of those it noted before. Nothing is counted for it where messages pass, and nothing
 * is noted while nobody asks.
 */
public final class Sampler {

    /** RabbitMQ's interval. */
    public static final long INTERVAL_MS = 5_000;

    /** Whoever asks for rates less often than this gets none at first. */
    private static final long WATCHED_NS = TimeUnit.MINUTES.toNanos(5);

    private static final double NS_PER_SECOND = 1e9;
    private static final double[] UNKNOWN = {};

    private final Broker broker;
    private final Clock clock;
    private final Notes[] notes;
    private volatile long askedNs;
    private volatile boolean asked;

    /** What one shard noted; touched on that shard only. */
    private static final class Notes {
        private long atNs;
        private long atMs;
        private Sample own = Sample.NONE;
        private Map<Queue, Sample> queues = new IdentityHashMap<>();
        private Map<Session, Sample> connections = new IdentityHashMap<>();
    }

    /**
     * @param changedMs when a value was last seen to be another
     */
    private record Sample(long[] values, double[] rates, long changedMs) {

        /** Of what was not noted before. */
        private static final Sample NONE = new Sample(new long[0], UNKNOWN, 0);

        Sample next(long[] now, double seconds, long nowMs) {
            if (values.length == 0 || seconds <= 0) {
                return new Sample(now, UNKNOWN, nowMs);
            }
            double[] changes = new double[now.length];
            for (int i = 0; i < now.length; i++) {
                changes[i] = (now[i] - values[i]) / seconds;
            }
            return new Sample(now, changes, Arrays.equals(now, values) ? changedMs : nowMs);
        }
    }

    Sampler(Broker broker, Clock clock) {
        this.broker = broker;
        this.clock = clock;
        this.notes = broker.shards().stream().map(_ -> new Notes()).toArray(Notes[]::new);
    }

    /** Somebody wants to know rates. */
    void watch() {
        askedNs = clock.monotonicNs();
        asked = true;
    }

    /** Has every shard take its notes, unless nobody has asked for long. Never waits. */
    public void tick() {
        if (!asked) {
            return;
        }
        asked = clock.monotonicNs() - askedNs < WATCHED_NS;
        boolean drop = !asked;
        for (Shard shard : broker.shards()) {
            shard.submit(() -> {
                if (drop) {
                    notes[shard.index()] = new Notes();
                } else {
                    note(shard, notes[shard.index()]);
                }
            });
        }
    }

    private void note(Shard shard, Notes known) {
        long nowNs = clock.monotonicNs();
        long nowMs = clock.wallMs();
        double seconds = (nowNs - known.atNs) / NS_PER_SECOND;
        known.own = known.own.next(ofShard(shard.counters()), seconds, nowMs);
        Map<Queue, Sample> queues = new IdentityHashMap<>();
        for (VirtualHost vhost : broker.vhosts().all()) {
            for (Queue queue : vhost.queues()) {
                if (queue.shard() == shard) {
                    Sample before = known.queues.getOrDefault(queue, Sample.NONE);
                    queues.put(queue, before.next(ofQueue(queue), seconds, nowMs));
                }
            }
        }
        known.connections = connections(shard, known, seconds, nowMs);
        known.queues = queues;
        known.atNs = nowNs;
        known.atMs = nowMs;
    }

    private Map<Session, Sample> connections(Shard shard, Notes known, double seconds, long nowMs) {
        Map<Session, Sample> connections = new IdentityHashMap<>();
        for (Session session : broker.sessions().all()) {
            if (session.shard() == shard) {
                Sample before = known.connections.getOrDefault(session, Sample.NONE);
                session.client()
                        .report()
                        .map(ClientReport::traffic)
                        .map(traffic -> read(Meter.TRAFFIC, List.of(), traffic))
                        .ifPresent(
                                now -> connections.put(session, before.next(now, seconds, nowMs)));
            }
        }
        return connections;
    }

    private static long[] ofShard(ShardCounters counters) {
        return read(Meter.BROKER_STATS, Meter.CHURN, counters);
    }

    private static long[] ofQueue(Queue queue) {
        return read(Meter.QUEUE_TOTALS, Meter.QUEUE_STATS, queue);
    }

    private static <T> long[] read(List<Meter<T>> first, List<Meter<T>> second, T thing) {
        long[] values = new long[first.size() + second.size()];
        for (int i = 0; i < values.length; i++) {
            Meter<T> meter = i < first.size() ? first.get(i) : second.get(i - first.size());
            values[i] = meter.of().applyAsLong(thing);
        }
        return values;
    }

    /** {@link Meter#BROKER_STATS} of a shard; on it. */
    Readings brokerStats(Shard shard) {
        return Readings.of(Meter.BROKER_STATS, shard.counters(), own(shard), 0);
    }

    /** {@link Meter#CHURN} of a shard; on it. */
    Readings churn(Shard shard) {
        return Readings.of(Meter.CHURN, shard.counters(), own(shard), Meter.BROKER_STATS.size());
    }

    private double[] own(Shard shard) {
        return notes[shard.index()].own.rates;
    }

    /** {@link Meter#QUEUE_TOTALS} of a queue; on its shard. */
    Readings totals(Queue queue) {
        return Readings.of(Meter.QUEUE_TOTALS, queue, rates(queue), 0);
    }

    /** {@link Meter#QUEUE_STATS} of a queue; on its shard. */
    Readings stats(Queue queue) {
        return Readings.of(Meter.QUEUE_STATS, queue, rates(queue), Meter.QUEUE_TOTALS.size());
    }

    /** {@link Meter#TRAFFIC} of a connection; on its shard. */
    Readings traffic(Session session, ClientReport.Traffic traffic) {
        Sample sample = notes[session.shard().index()].connections.get(session);
        return Readings.of(Meter.TRAFFIC, traffic, sample == null ? UNKNOWN : sample.rates, 0);
    }

    private double[] rates(Queue queue) {
        Sample sample = notes[queue.shard().index()].queues.get(queue);
        return sample == null ? UNKNOWN : sample.rates;
    }

    /**
     * Since when nothing has happened to a queue, in milliseconds of the wall clock; null if
     * something has between the last two looks. On its shard.
     */
    @Nullable Long idleSinceMs(Queue queue) {
        Notes known = notes[queue.shard().index()];
        Sample sample = known.queues.get(queue);
        return sample == null || sample.changedMs == known.atMs ? null : sample.changedMs;
    }
}
