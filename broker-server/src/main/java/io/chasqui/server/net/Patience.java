package io.chasqui.server.net;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How long a broker that stops waits for its clients: so much for each step, and not at all any more
 * once somebody hastens it. Any thread.
 */
public final class Patience {

    private final long stepMs;
    private final CompletableFuture<Void> lost;

    private Patience(long stepMs, CompletableFuture<Void> lost) {
        this.stepMs = stepMs;
        this.lost = lost;
    }

    /** Patience of so many milliseconds. */
    public static Patience of(long stepMs) {
        return new Patience(stepMs, new CompletableFuture<>());
    }

    /** The same, but for no longer than so many milliseconds; lost together with this. */
    public Patience atMost(long ms) {
        return new Patience(Math.min(stepMs, ms), lost);
    }

    /** Ends every wait, those under way and those to come. */
    public void lose() {
        lost.complete(null);
    }

    /** Waits for {@code done}; whether it came in time. */
    boolean await(CompletableFuture<Void> done) {
        try {
            CompletableFuture.anyOf(done, lost).get(stepMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            return done.isDone();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        return done.isDone();
    }
}
