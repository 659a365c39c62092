package io.chasqui.core.shard;

/** Takes what other shards hand over, on its own shard; the meaning of the words is its own. */
@FunctionalInterface
public interface Receiver {

    void receive(long first, long second, long third);
}
