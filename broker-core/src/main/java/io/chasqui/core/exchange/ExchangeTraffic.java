package io.chasqui.core.exchange;

/**
 * What was published to one exchange over the connections of one shard, since it was declared or
 * the broker started. Written by the shard with plain increments, read by anyone.
 */
@SuppressWarnings("unused") // The padding keeps neighbours on the heap off the counters' lines.
public final class ExchangeTraffic {

    private long pad0, pad1, pad2, pad3, pad4, pad5, pad6, pad7;

    /** Messages published to the exchange itself, not those that another one passed on to it. */
    public long in;

    /** The copies of these that queues got, over whatever other exchanges. */
    public long out;

    private long pad10, pad11, pad12, pad13, pad14, pad15, pad16, pad17;
}
