package io.chasqui.core.queue;

/** What happened to one queue since the start. Written by its shard, read by anyone. */
public final class QueueCounters {
    public long enqueued;
    public long delivered;
    public long redelivered;
    public long acknowledged;
}
