package io.chasqui.metrics;

import io.chasqui.core.shard.Shard;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Has shards read what is theirs, a slice at a time, so that much of it never holds an event loop up
 * for longer than a slice takes, and nothing is locked.
 */
final class ShardReading {

    /** A shard that does not answer for so long is stuck; /health/live tells more. */
    private static final long PATIENCE_MS = 10_000;

    private ShardReading() {}

    /**
     * Has the shard read each of them. Waits for it.
     *
     * @param slice how many in one task
     * @throws TimeoutException if the event loop does not answer
     */
    static <T> void read(Shard shard, List<T> all, int slice, Consumer<T> reader)
            throws InterruptedException, TimeoutException {
        for (int from = 0; from < all.size(); from += slice) {
            List<T> some = all.subList(from, Math.min(all.size(), from + slice));
            CompletableFuture<Void> done = new CompletableFuture<>();
            shard.submit(() -> {
                try {
                    some.forEach(reader);
                    done.complete(null);
                } catch (RuntimeException e) {
                    done.completeExceptionally(e);
                }
            });
            await(done);
        }
    }

    private static void await(CompletableFuture<Void> done)
            throws InterruptedException, TimeoutException {
        try {
            done.get(PATIENCE_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("not to be read", e.getCause());
        }
    }
}
