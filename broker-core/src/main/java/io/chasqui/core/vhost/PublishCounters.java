package io.chasqui.core.vhost;

/**
 * What was published in one virtual host over the connections of one shard, since the start.
 * Written by the shard with plain increments, read by anyone.
 */
@SuppressWarnings("unused") // The padding keeps neighbours on the heap off the counters' lines.
public final class PublishCounters {

    private long pad0, pad1, pad2, pad3, pad4, pad5, pad6, pad7;

    /** Messages received, of them on channels that ask for confirms, and those confirmed. */
    public long published;

    public long publishedForConfirm;
    public long confirmed;

    /** Messages that reached a queue, and those that reached none. */
    public long routed;

    public long unroutableReturned;
    public long unroutableDropped;

    private long pad10, pad11, pad12, pad13, pad14, pad15, pad16, pad17;
}
