package io.chasqui.server.health;

import io.chasqui.core.Alarms;
import io.chasqui.core.boot.Broker;
import io.chasqui.core.shard.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How the broker is: whether it should be restarted, and whether clients should be sent to it.
 *
 * <pre>
 * Recovering ──▶ Serving ──▶ Stopping
 *      └────────────┴──▶ Failed           for good
 * </pre>
 *
 * <p>Safe for use by any thread.
 */
public final class Health {

    /** An event loop that has not run a task after this long is stuck. */
    private static final long LOOP_PATIENCE_MS = 5_000;

    private Phase phase = new Phase.Recovering();

    private sealed interface Phase {

        record Recovering() implements Phase {}

        record Serving(Broker broker) implements Phase {}

        record Stopping() implements Phase {}

        record Failed(String reason) implements Phase {}
    }

    /** An answer. */
    public sealed interface Verdict {

        /**
         * @param alarms what is short, if anything: publishers are blocked, consumers are not
         */
        record Well(List<String> alarms) implements Verdict {}

        record Ill(String reason) implements Verdict {}
    }

    /** The broker is recovered and accepts connections. */
    public void serving(Broker broker) {
        become(new Phase.Serving(broker));
    }

    public void stopping() {
        become(new Phase.Stopping());
    }

    /** The disk failed. */
    public void failed(String reason) {
        become(new Phase.Failed(reason));
    }

    private synchronized void become(Phase next) {
        if (!(phase instanceof Phase.Failed)) {
            phase = next;
        }
    }

    private synchronized Phase phase() {
        return phase;
    }

    /**
     * Whether the process works. If not, only a restart helps. Waits while an event loop is slow.
     */
    public Verdict live() throws InterruptedException {
        return switch (phase()) {
            case Phase.Recovering() -> new Verdict.Well(List.of());
            case Phase.Stopping() -> new Verdict.Well(List.of());
            case Phase.Failed(String reason) -> new Verdict.Ill(reason);
            case Phase.Serving(Broker broker) -> ticking(broker);
        };
    }

    /**
     * Whether clients are served. An alarm does not make the broker unready: sending consumers away
     * would keep it from ever ending.
     */
    public Verdict ready() {
        return switch (phase()) {
            case Phase.Recovering() -> new Verdict.Ill("recovering");
            case Phase.Stopping() -> new Verdict.Ill("stopping");
            case Phase.Failed(String reason) -> new Verdict.Ill(reason);
            case Phase.Serving(Broker broker) -> new Verdict.Well(alarms(broker));
        };
    }

    private static Verdict ticking(Broker broker) throws InterruptedException {
        List<CompletableFuture<Void>> ticks = new ArrayList<>();
        for (Shard shard : broker.shards()) {
            CompletableFuture<Void> tick = new CompletableFuture<>();
            shard.submit(() -> tick.complete(null));
            ticks.add(tick);
        }
        try {
            CompletableFuture.allOf(ticks.toArray(CompletableFuture<?>[]::new))
                    .get(LOOP_PATIENCE_MS, TimeUnit.MILLISECONDS);
            return new Verdict.Well(alarms(broker));
        } catch (TimeoutException _) {
            long stuck = ticks.stream().filter(tick -> !tick.isDone()).count();
            return new Verdict.Ill(stuck + " of " + ticks.size() + " event loops do not answer");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> alarms(Broker broker) {
        return broker.alarms().raised().stream().map(Health::name).toList();
    }

    private static String name(Alarms.Shortage shortage) {
        return shortage.name().toLowerCase(Locale.ROOT);
    }
}
