package io.chasqui.server.net;

import io.chasqui.core.refusal.Refusal;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** How many connections may be open at once, on all event loops together. */
public final class ConnectionLimit {

    private final Optional<Integer> limit;
    private final AtomicInteger open = new AtomicInteger();

    /**
     * @param limit empty for none
     */
    public ConnectionLimit(Optional<Integer> limit) {
        this.limit = limit;
    }

    /**
     * Counts one more.
     *
     * @throws Refusal.NotAllowed if there are as many as there may be
     */
    public void enter() {
        int most = limit.orElse(Integer.MAX_VALUE);
        if (open.getAndUpdate(count -> count < most ? count + 1 : count) >= most) {
            throw new Refusal.NotAllowed(
                    "connection refused: node connection limit (" + most + ") is reached");
        }
    }

    /** Counts one less. */
    public void leave() {
        open.decrementAndGet();
    }
}
