package io.chasqui.core.session;

import io.chasqui.core.vhost.PublishCounters;

/**
 * What happened on one channel since it was opened. Written by its shard with plain increments, read
 * there.
 */
public final class ChannelCounters {

    /** What its client published. */
    public final PublishCounters published = new PublishCounters();

    /** Messages written to its consumers, by whether they must be acknowledged, and to basic.get. */
    public long deliveredManualAck;

    public long deliveredAutoAck;
    public long gotManualAck;
    public long gotAutoAck;
    public long getEmpty;

    /** Those among the four that had been given out before. */
    public long redelivered;

    public long acknowledged;
}
