package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.exchange.Exchange;
import io.chasqui.core.exchange.ExchangeTraffic;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.session.ChannelCounters;
import io.chasqui.core.session.ClientReport;
import io.chasqui.core.session.Session;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.time.Clock;
import io.chasqui.core.vhost.PublishCounters;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.server.http.HttpRefusal;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How fast figures change: every few seconds each shard notes those of its queues, exchanges,
 * connections and channels and its own, and what became of those it noted before. Nothing is
 * counted for it where messages pass, and nothing is noted while nobody asks.
 */
public final class Sampler {

    /** RabbitMQ's interval. */
    public static final long INTERVAL_MS = 5_000;

    /** Whoever asks for rates less often than this gets none at first. */
    private static final long WATCHED_NS = TimeUnit.MINUTES.toNanos(5);

    private static final double NS_PER_SECOND = 1e9;

    private final Broker broker;
    private final Clock clock;
    private final Notes[] notes;
    private volatile long askedNs;
    private volatile boolean asked;
    private volatile long pastAskedNs;
    private volatile boolean pastAsked;

    /** What one shard noted; touched on that shard only. */
    private static final class Notes {
        private long atNs;
        private long atMs;

        /** By what it was that was looked at. */
        private Map<Object, Sample> samples = new IdentityHashMap<>();

        Sample of(Object thing) {
            return samples.getOrDefault(thing, Sample.NONE);
        }
    }

    /** One look of a shard at all that is its own. */
    private record Looking(
            Notes known, Map<Object, Sample> seen, double seconds, long nowMs, boolean keep) {

        @SafeVarargs
        final <T> void note(Object key, T thing, List<Meter<T>>... meters) {
            int count = 0;
            for (List<Meter<T>> some : meters) {
                count += some.size();
            }
            long[] values = new long[count];
            int at = 0;
            for (List<Meter<T>> some : meters) {
                for (Meter<T> meter : some) {
                    values[at++] = meter.of().applyAsLong(thing);
                }
            }
            seen.put(key, known.of(key).next(values, seconds, nowMs, keep));
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

    /** Somebody wants to know rates, and perhaps how things were a minute ago. */
    void watch(Call call) throws HttpRefusal {
        if (Past.isAsked(call)) {
            watchPast();
        } else {
            watch();
        }
    }

    /** Somebody wants to know how things were. */
    void watchPast() {
        watch();
        pastAskedNs = clock.monotonicNs();
        pastAsked = true;
    }

    /** Has every shard take its notes, unless nobody has asked for long. Never waits. */
    public void tick() {
        if (!asked) {
            return;
        }
        asked = clock.monotonicNs() - askedNs < WATCHED_NS;
        pastAsked = pastAsked && clock.monotonicNs() - pastAskedNs < WATCHED_NS;
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
        Looking looking = new Looking(known, new IdentityHashMap<>(), seconds, nowMs, pastAsked);
        looking.note(shard, shard.counters(), Meter.BROKER_STATS, Meter.CHURN);
        for (VirtualHost vhost : broker.vhosts().all()) {
            note(shard, vhost, looking);
        }
        for (Session session : broker.sessions().all()) {
            if (session.shard() == shard) {
                note(session, looking);
            }
        }
        known.samples = looking.seen;
        known.atNs = nowNs;
        known.atMs = nowMs;
    }

    private static void note(Shard shard, VirtualHost vhost, Looking looking) {
        PublishCounters published = vhost.published(shard);
        looking.note(published, published, Meter.PUBLISHES);
        for (Exchange exchange : vhost.exchanges()) {
            ExchangeTraffic traffic = exchange.counters().known(shard);
            if (traffic != null) {
                looking.note(traffic, traffic, Meter.EXCHANGE_IN, Meter.EXCHANGE_OUT);
            }
        }
        for (Queue queue : vhost.queues()) {
            if (queue.shard() == shard) {
                looking.note(
                        queue,
                        queue,
                        Meter.QUEUE_TOTALS,
                        Meter.QUEUE_PUBLISHES,
                        Meter.QUEUE_DELIVERIES);
            }
        }
    }

    private static void note(Session session, Looking looking) {
        session.client()
                .report()
                .map(ClientReport::traffic)
                .ifPresent(traffic -> looking.note(session, traffic, Meter.TRAFFIC));
        for (ChannelCounters channel : session.channelCounters()) {
            looking.note(channel, channel, Meter.CHANNEL_PUBLISHES, Meter.CHANNEL_DELIVERIES);
        }
    }

    private Sample known(Shard shard, Object thing) {
        return notes[shard.index()].of(thing);
    }

    /** {@link Meter#BROKER_STATS} of a shard; on it. */
    Readings brokerStats(Shard shard) {
        return Readings.of(Meter.BROKER_STATS, shard.counters(), known(shard, shard), 0);
    }

    /** {@link Meter#CHURN} of a shard; on it. */
    Readings churn(Shard shard) {
        return Readings.of(
                Meter.CHURN, shard.counters(), known(shard, shard), Meter.BROKER_STATS.size());
    }

    /** {@link Meter#QUEUE_TOTALS} of a queue; on its shard. */
    Readings totals(Queue queue) {
        return Readings.of(Meter.QUEUE_TOTALS, queue, known(queue.shard(), queue), 0);
    }

    /** {@link Meter#QUEUE_PUBLISHES} of a queue; on its shard. */
    Readings publishes(Queue queue) {
        return Readings.of(
                Meter.QUEUE_PUBLISHES,
                queue,
                known(queue.shard(), queue),
                Meter.QUEUE_TOTALS.size());
    }

    /** {@link Meter#QUEUE_DELIVERIES} of a queue; on its shard. */
    Readings deliveries(Queue queue) {
        return Readings.of(
                Meter.QUEUE_DELIVERIES,
                queue,
                known(queue.shard(), queue),
                Meter.QUEUE_TOTALS.size() + Meter.QUEUE_PUBLISHES.size());
    }

    /** {@link Meter#PUBLISHES} of a virtual host over a shard; on it. */
    Readings publishes(VirtualHost vhost, Shard shard) {
        PublishCounters published = vhost.published(shard);
        return Readings.of(Meter.PUBLISHES, published, known(shard, published), 0);
    }

    /** {@link Meter#EXCHANGE_IN} of an exchange over a shard; on it. */
    Readings in(ExchangeTraffic traffic, Shard shard) {
        return Readings.of(Meter.EXCHANGE_IN, traffic, known(shard, traffic), 0);
    }

    /** {@link Meter#EXCHANGE_OUT} of an exchange over a shard; on it. */
    Readings out(ExchangeTraffic traffic, Shard shard) {
        return Readings.of(
                Meter.EXCHANGE_OUT, traffic, known(shard, traffic), Meter.EXCHANGE_IN.size());
    }

    /** {@link Meter#TRAFFIC} of a connection; on its shard. */
    Readings traffic(Session session, ClientReport.Traffic traffic) {
        return Readings.of(Meter.TRAFFIC, traffic, known(session.shard(), session), 0);
    }

    /** {@link Meter#CHANNEL_PUBLISHES} of a channel; on its shard. */
    Readings publishes(ChannelCounters channel, Shard shard) {
        return Readings.of(Meter.CHANNEL_PUBLISHES, channel, known(shard, channel), 0);
    }

    /** {@link Meter#CHANNEL_DELIVERIES} of a channel; on its shard. */
    Readings deliveries(ChannelCounters channel, Shard shard) {
        return Readings.of(
                Meter.CHANNEL_DELIVERIES,
                channel,
                known(shard, channel),
                Meter.CHANNEL_PUBLISHES.size());
    }

    /**
     * Since when nothing has happened to a queue or on a channel, in milliseconds of the wall clock;
     * null if something has between the last two looks. On its shard.
     */
    @Nullable Long idleSinceMs(Object thing, Shard shard) {
        Sample sample = notes[shard.index()].samples.get(thing);
        return sample == null || sample.changedMs() == notes[shard.index()].atMs
                ? null
                : sample.changedMs();
    }
}
