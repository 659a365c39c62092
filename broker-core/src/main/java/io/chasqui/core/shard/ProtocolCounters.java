package io.chasqui.core.shard;

/**
 * The part of {@link ShardCounters} that one protocol has, of what is told by protocol. Written by the
 * shard's thread, read by anyone.
 */
public final class ProtocolCounters {

    public long published;
    public long publishedBytes;
    public long publishedForConfirm;
    public final MessageSizes publishedSizes = new MessageSizes();
    public long confirmed;
    public long routed;
    public long unroutableReturned;
    public long unroutableDropped;
    public long deliveredManualAck;
    public long deliveredAutoAck;
    public long publishersBegun;
    public long publishersEnded;
    public long consumersBegun;
    public long consumersEnded;
}
