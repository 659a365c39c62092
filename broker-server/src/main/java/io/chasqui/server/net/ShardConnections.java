package io.chasqui.server.net;

import io.chasqui.core.shard.Shard;
import io.chasqui.core.time.Clock;
import io.netty.channel.EventLoop;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The connections that live on one shard, and the one timer that looks after all of them: ten
 * thousand idle connections cost one pass over a set, not ten thousand timers.
 *
 * <p>Belongs to the shard's event loop, but for {@link #start}, {@link #size}, {@link
 * #alarmsChanged}, {@link #drain} and {@link #shutDown}, which any thread may call.
 */
public final class ShardConnections {

    /** Half the shortest useful heartbeat, so that one of a second still goes out in time. */
    private static final int SWEEP_INTERVAL_MS = 500;

    /** How often to look whether everything taken in is answered: a fraction of one sync. */
    private static final int DRAIN_INTERVAL_MS = 2;

    private final Shard shard;
    private final EventLoop loop;
    private final InputPacing pacing;
    private final Clock clock;
    private final PeerLog log;
    private final Set<LiveConnection> connections = new LinkedHashSet<>();
    private final CompletableFuture<Void> empty = new CompletableFuture<>();
    private volatile int size;
    private long sweepDueNs;
    private boolean draining;
    private boolean shuttingDown;

    /**
     * @param logLinesPerSecond as {@link PeerLog} has it
     */
    public ShardConnections(Shard shard, NettyShardLoop loop, Clock clock, int logLinesPerSecond) {
        this.shard = shard;
        this.loop = loop.eventLoop();
        this.pacing = loop.pacing();
        this.clock = clock;
        this.log = new PeerLog(clock, logLinesPerSecond);
    }

    public Shard shard() {
        return shard;
    }

    public Clock clock() {
        return clock;
    }

    public PeerLog log() {
        return log;
    }

    /** How many connections there are. Any thread; may be a moment old. */
    int size() {
        return size;
    }

    public void add(LiveConnection connection) {
        connections.add(connection);
        size = connections.size();
        if (draining) {
            connection.drain();
        }
        if (shuttingDown) {
            connection.shutDown();
        }
    }

    /** A connection has read so many octets and is about to work through them. */
    public void inputCame(int octets) {
        pacing.came(octets);
        shard.inputCame();
    }

    public void remove(LiveConnection connection) {
        connections.remove(connection);
        size = connections.size();
        completeIfEmpty();
    }

    /** Begins to sweep. */
    void start() {
        loop.execute(this::sweepLater);
    }

    private void sweepLater() {
        sweepDueNs = clock.monotonicNs() + TimeUnit.MILLISECONDS.toNanos(SWEEP_INTERVAL_MS);
        loop.schedule(this::sweep, SWEEP_INTERVAL_MS, TimeUnit.MILLISECONDS);
    }

    private void sweep() {
        long now = clock.monotonicNs();
        shard.counters().timerLags.add(Math.max(0, now - sweepDueNs));
        sweepLater();
        log.sweep(now);
        // A copy, because a connection that is given up removes itself.
        List.copyOf(connections).forEach(connection -> connection.sweep(now));
    }

    /** Tells every connection whether publishers must stop. */
    void alarmsChanged(boolean publishersBlocked) {
        loop.execute(() ->
                List.copyOf(connections)
                        .forEach(connection -> connection.alarmsChanged(publishersBlocked)));
    }

    /**
     * Has every connection take in nothing more; the future is done when all that was taken in
     * before is answered.
     */
    CompletableFuture<Void> drain() {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        loop.execute(() -> {
            draining = true;
            List.copyOf(connections).forEach(LiveConnection::drain);
            completeIfNothingIsOwed(drained);
        });
        return drained;
    }

    private void completeIfNothingIsOwed(CompletableFuture<Void> drained) {
        if (connections.stream().noneMatch(LiveConnection::owes)) {
            drained.complete(null);
        } else {
            loop.schedule(
                    () -> completeIfNothingIsOwed(drained),
                    DRAIN_INTERVAL_MS,
                    TimeUnit.MILLISECONDS);
        }
    }

    /** Asks every connection to close; the future is done when the last one has. */
    CompletableFuture<Void> shutDown() {
        loop.execute(() -> {
            shuttingDown = true;
            List.copyOf(connections).forEach(LiveConnection::shutDown);
            completeIfEmpty();
        });
        return empty;
    }

    private void completeIfEmpty() {
        if (shuttingDown && connections.isEmpty()) {
            empty.complete(null);
        }
    }
}
