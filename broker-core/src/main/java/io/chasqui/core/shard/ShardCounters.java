package io.chasqui.core.shard;

import io.chasqui.core.message.DeathReason;
import io.chasqui.core.time.Durations;

/**
 * What happened on one shard since the start. Written by the shard's thread with plain increments,
 * read by anyone: a reader may see a figure that is a moment old, never one that goes back.
 *
 * <p>One object per shard, so that two event loops never write to one cache line.
 */
@SuppressWarnings("unused") // The padding keeps neighbours on the heap off the counters' lines.
public final class ShardCounters {

    private long pad0, pad1, pad2, pad3, pad4, pad5, pad6, pad7;

    /** Messages received from publishers, and their body bytes. */
    public long published;

    public long publishedBytes;

    /** Of these, published on channels that ask for confirms. */
    public long publishedForConfirm;

    /** Received messages by the size of their bodies. */
    public final MessageSizes publishedSizes = new MessageSizes();

    /** Publishes confirmed (positively) to publishers that asked for it. */
    public long confirmed;

    /** Messages that reached at least one queue; copies put into queues; messages that reached none. */
    public long routed;

    public long enqueued;
    public long unroutableReturned;
    public long unroutableDropped;

    /** Messages written to consumers, by whether they must be acknowledged, and to basic.get. */
    public long deliveredManualAck;

    public long deliveredAutoAck;
    public long gotManualAck;
    public long gotAutoAck;
    public long getEmpty;
    public long redelivered;
    public long acknowledged;
    public long requeued;
    public long rejected;
    public long purged;

    /** Sessions of clients, channels in them, and channels that have published something. */
    public long sessionsOpened;

    public long sessionsClosed;
    public long channelsOpened;
    public long channelsClosed;
    public long publishersBegun;
    public long publishersEnded;

    /** Declarations of queues, those of them that made one, and queues that went. */
    public long queuesDeclared;

    public long queuesCreated;
    public long queuesDeleted;

    /** Messages whose time to live was over before anyone took them. */
    public long expired;

    /** Messages sent on to a queue's dead letter exchange, by {@link DeathReason}. */
    public final long[] deadLettered = new long[DeathReason.values().length];

    /** Publishes that a full queue refused. */
    public long refused;

    /** Publishes refused to publishers that asked for confirms (basic.nack). */
    public long nacked;

    /** Queues deleted because nobody used them for the time of their x-expires. */
    public long queuesExpired;

    /**
     * From a message's being stored to its first delivery; from a delivery to its acknowledgement;
     * from a publish to its confirm; from a tick's beginning to its end; from when a timer was due to
     * when it ran.
     */
    public final Durations waits = new Durations(Durations.Scale.FINE);

    public final Durations services = new Durations(Durations.Scale.FINE);
    public final Durations confirms = new Durations(Durations.Scale.FINE);
    public final Durations tickDurations = new Durations(Durations.Scale.FINE);
    public final Durations timerLags = new Durations(Durations.Scale.FINE);

    /** What of this AMQP 1.0 has done; the rest is that of 0-9-1. */
    public final ProtocolCounters amqp10 = new ProtocolCounters();

    /** Event loop work. */
    public long ticks;

    public long coldReads;
    public long unreadable;

    private long pad10, pad11, pad12, pad13, pad14, pad15, pad16, pad17;
}
