package io.chasqui.core.queue;

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
}
