package io.chasqui.core.boot;

import io.chasqui.core.shard.Shard;
import io.chasqui.core.store.CommitLog;
import io.chasqui.core.store.StoreException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Waits until whatever the shards have done so far is on disk. The housekeeper needs it before it
 * writes down or destroys something on the strength of what it saw on a shard, which may be ahead of
 * the log: a tick appends its acknowledgements only when it ends.
 */
final class DurabilityBarrier {

    private final CommitLog log;
    private final List<Shard> shards;
    private volatile CompletableFuture<Void> awaited = new CompletableFuture<>();

    DurabilityBarrier(CommitLog log, List<Shard> shards) {
        this.log = log;
        this.shards = shards;
        log.onFailure(cause -> awaited.completeExceptionally(cause));
    }

    /**
     * Blocks; never called on a shard.
     *
     * @throws StoreException if the log failed
     */
    void awaitDurable() {
        shards.stream().map(DurabilityBarrier::tickEnded).toList().forEach(CompletableFuture::join);
        long position = log.requestSync();
        CompletableFuture<Void> durable = new CompletableFuture<>();
        awaited = durable;
        StoreException failure = log.failure();
        if (failure != null) {
            throw failure;
        }
        Shard any = shards.getFirst();
        any.submit(() -> any.whenDurable(position - 1, () -> durable.complete(null)));
        durable.join();
    }

    private static CompletableFuture<Void> tickEnded(Shard shard) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        shard.submit(() -> shard.atFlush(() -> ended.complete(null)));
        return ended;
    }
}
