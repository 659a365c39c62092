package io.chasqui.core.queue;

import io.chasqui.core.time.Durations;
import org.jspecify.annotations.Nullable;

/** What happened to one queue since the start. Written by its shard, read by anyone. */
public final class QueueCounters {
    public long enqueued;

    /** Given out, to consumers and to basic.get alike; the next three are those among them. */
    public long delivered;

    public long deliveredAutoAck;
    public long gotManualAck;
    public long gotAutoAck;
    public long getEmpty;
    public long redelivered;
    public long acknowledged;
    public long requeued;
    public long rejected;
    public long purged;
    public long expired;

    private @Nullable Durations waits;
    private @Nullable Durations services;

    /** Adds what another one counts, but how long things took. */
    public void add(QueueCounters other) {
        enqueued += other.enqueued;
        delivered += other.delivered;
        deliveredAutoAck += other.deliveredAutoAck;
        gotManualAck += other.gotManualAck;
        gotAutoAck += other.gotAutoAck;
        getEmpty += other.getEmpty;
        redelivered += other.redelivered;
        acknowledged += other.acknowledged;
        requeued += other.requeued;
        rejected += other.rejected;
        purged += other.purged;
        expired += other.expired;
    }

    /** From being stored to the first delivery; null as long as there was none. */
    public @Nullable Durations waits() {
        return waits;
    }

    /** From a delivery to its acknowledgement; null as long as there was none. */
    public @Nullable Durations services() {
        return services;
    }

    void waited(long ns) {
        if (waits == null) {
            waits = new Durations(Durations.Scale.COARSE);
        }
        waits.add(ns);
    }

    void served(long ns) {
        if (services == null) {
            services = new Durations(Durations.Scale.COARSE);
        }
        services.add(ns);
    }
}
