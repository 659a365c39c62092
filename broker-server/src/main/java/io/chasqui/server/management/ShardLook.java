package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.shard.Shard;
import io.chasqui.server.http.HttpRefusal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/** Asks shards about what is theirs, each on its own thread, and waits for the answers. */
public final class ShardLook {

    private static final long TIMEOUT_S = 30;

    private ShardLook() {}

    /** What all shards say together, asked at the same time. */
    public static <T> List<T> everywhere(Broker broker, Function<Shard, List<T>> question)
            throws HttpRefusal, InterruptedException {
        List<CompletableFuture<List<T>>> asked = new ArrayList<>();
        for (Shard shard : broker.shards()) {
            asked.add(CompletableFuture.supplyAsync(() -> question.apply(shard), shard::submit));
        }
        List<T> all = new ArrayList<>();
        for (CompletableFuture<List<T>> answer : asked) {
            all.addAll(awaited(answer));
        }
        return all;
    }

    /** What one shard says. */
    public static <T> T on(Shard shard, Supplier<T> question)
            throws HttpRefusal, InterruptedException {
        return awaited(CompletableFuture.supplyAsync(question, shard::submit));
    }

    /**
     * @throws HttpRefusal 503 if it does not come
     * @throws io.chasqui.core.refusal.Refusal if that is the answer
     */
    static <T> T awaited(CompletableFuture<T> answer) throws HttpRefusal, InterruptedException {
        try {
            return answer.get(TIMEOUT_S, TimeUnit.SECONDS);
        } catch (TimeoutException _) {
            throw new HttpRefusal(503, "Service Unavailable", "the broker does not answer");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        }
    }
}
