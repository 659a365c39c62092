package io.chasqui.core.shard;

import io.chasqui.core.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop's world: the queues that live on it, what it owes to other shards, and the tick
 * that settles all of it at once.
 *
 * <p><b>Threads.</b> Everything here belongs to the loop's thread except {@link #submit} and {@link
 * #durabilityMoved}, which any thread may call. A queue, and a session, is touched only by its own
 * shard; shards talk through {@link #send} (batched, no object per message) and {@link #submit}.
 * One inbox per shard keeps both in one order, so that what a shard says first arrives first.
 *
 * <p><b>The tick.</b> A front end calls {@link #endOfTick()} after it has worked through what one
 * socket read brought. Work that may be batched waits for it: dispatching queues, writing
 * acknowledgement records, confirming, waking the log's flusher, and flushing sockets - each once a
 * tick instead of once a message.
 */
public final class Shard {

    private static final Logger LOG = LoggerFactory.getLogger(Shard.class);

    /** Rounds of dispatch in one tick before other connections get their turn. */
    private static final int DISPATCH_ROUNDS = 4;

    private final int index;
    private final ShardLoop loop;
    private final ShardCounters counters = new ShardCounters();

    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean inboxScheduled = new AtomicBoolean();
    private final Runnable drainInbox = this::drainInbox;

    private @Nullable HandOff[] outgoing = new HandOff[0];
    private final List<Shard> owed = new ArrayList<>();

    private final ArrayDeque<Dispatching> active = new ArrayDeque<>();
    private final List<TickEnd> tickEnds = new ArrayList<>();
    private final List<TickEnd> outputs = new ArrayList<>();
    private final DurableWaiters waiters = new DurableWaiters();
    private final LogTap log;
    private final ShardTimers timers;
    private boolean ticking;
    private boolean runningInbox;
    private long tickBeganNs;
    private long tickNs;
    private long tickWallMs;
    private boolean tickScheduled;
    private final Runnable scheduledTick = this::runScheduledTick;
    private final Runnable nothing = () -> {};

    public Shard(int index, ShardLoop loop, LogTap log, Clock clock) {
        this.index = index;
        this.loop = loop;
        this.log = log;
        this.timers = new ShardTimers(loop, clock, this::timeCame);
    }

    public int index() {
        return index;
    }

    public ShardCounters counters() {
        return counters;
    }

    public boolean inLoop() {
        return loop.inLoop();
    }

    /** Runs the task on this shard, after everything the calling shard sent here before. Any thread. */
    public void submit(Runnable task) {
        inbox.add(task);
        if (inboxScheduled.compareAndSet(false, true)) {
            loop.execute(drainInbox);
        }
    }

    /**
     * Runs the task on {@code target}: at once if that is this shard, otherwise behind everything
     * this shard has sent there before.
     */
    public void run(Shard target, Runnable task) {
        if (target == this) {
            task.run();
        } else {
            flushTo(target);
            target.submit(task);
        }
    }

    /** Tells {@code receiver}, which lives on {@code target}, three words; batched until the tick ends. */
    public void send(Shard target, Receiver receiver, long first, long second, long third) {
        if (target == this) {
            receiver.receive(first, second, third);
            return;
        }
        if (target.index >= outgoing.length) {
            outgoing = Arrays.copyOf(outgoing, target.index + 1);
        }
        HandOff batch = outgoing[target.index];
        if (batch == null) {
            batch = new HandOff();
            outgoing[target.index] = batch;
            owed.add(target);
        }
        batch.add(receiver, first, second, third);
        scheduleTick();
    }

    /** Puts a queue with messages and takers on the list to dispatch in this tick. */
    public void activate(Dispatching queue) {
        active.add(queue);
        scheduleTick();
    }

    /** Calls back once when this tick's dispatch is over, before sockets are flushed. */
    public void atTickEnd(TickEnd work) {
        tickEnds.add(work);
        scheduleTick();
    }

    /** Calls back once at the very end of this tick: flush a socket. */
    public void atFlush(TickEnd work) {
        outputs.add(work);
        scheduleTick();
    }

    /**
     * Runs the task on this shard once everything below {@code position} of the durable log is on
     * disk; at the end of this tick if it is already. Positions may come in any order.
     */
    public void whenDurable(long position, Runnable task) {
        waiters.add(position, task);
        scheduleTick();
    }

    /** Runs the task on this shard once the logs have room again for publishers. */
    public void whenUncongested(Runnable task) {
        waiters.addStalled(task);
        scheduleTick();
    }

    // -- time

    /** The time that timers go by. Any thread. */
    public long nowNs() {
        return timers.nowNs();
    }

    /** Has the timer run at {@code dueNs}, or soon after, instead of when it was to run so far. */
    public void arm(Timer timer, long dueNs) {
        timers.arm(timer, dueNs);
    }

    public void disarm(Timer timer) {
        timers.disarm(timer);
    }

    /** Timers armed at present. */
    public int timers() {
        return timers.armed();
    }

    /** No timer runs any more: the broker closes. */
    public void stopTimers() {
        timers.stop();
    }

    private void timeCame() {
        beginTick();
        timers.run();
        endOfTick();
    }

    /** A log moved on, or its congestion ended. Called on a flusher's thread. */
    public void durabilityMoved() {
        if (waiters.anyWaiting()) {
            submit(nothing);
        }
    }

    /**
     * Says that the caller will call {@link #endOfTick()} soon, on this loop, so that no tick needs
     * to be scheduled for the work put off until then.
     */
    public void beginTick() {
        readClock();
        tickBeganNs = tickNs;
        ticking = true;
    }

    private void readClock() {
        tickNs = log.monotonicNs();
        tickWallMs = 0;
    }

    /**
     * Nanoseconds of the monotonic clock as it was when this tick began, or when it began to give out
     * what had come in: read twice a tick, not for every message.
     */
    public long tickNs() {
        return tickNs;
    }

    /** The same of the wall clock, in milliseconds since the epoch. */
    public long tickWallMs() {
        if (tickWallMs == 0) {
            tickWallMs = log.wallMs();
        }
        return tickWallMs;
    }

    /** Settles everything this tick has gathered. Called by front ends after each read, on the loop. */
    public void endOfTick() {
        ticking = true;
        readClock();
        for (int round = 0; round < DISPATCH_ROUNDS && !active.isEmpty(); round++) {
            for (int n = active.size(); n > 0; n--) {
                Dispatching queue = active.remove();
                if (queue.dispatch()) {
                    active.add(queue);
                }
            }
        }
        runAll(tickEnds);
        waiters.release(log);
        flushHandOffs();
        log.wakeFlusher();
        runAll(outputs);
        counters.ticks++;
        counters.tickDurations.add(log.monotonicNs() - tickBeganNs);
        ticking = false;
        if (!active.isEmpty() || !tickEnds.isEmpty() || !outputs.isEmpty()) {
            scheduleTick();
        }
    }

    private static void runAll(List<TickEnd> works) {
        // Index loop on purpose: a callback may add further ones, which then run in this tick too.
        for (int i = 0; i < works.size(); i++) {
            works.get(i).tickEnded();
        }
        works.clear();
    }

    /** Makes sure that a tick will end even if no socket read is going on. */
    private void scheduleTick() {
        if (!ticking && !tickScheduled) {
            tickScheduled = true;
            loop.execute(scheduledTick);
        }
    }

    private void runScheduledTick() {
        tickScheduled = false;
        beginTick();
        endOfTick();
    }

    /**
     * Says that octets came in, and that {@link #endOfTick()} will follow. What other shards sent comes
     * first: the octets may be a client's answer to it, a question about a message whose confirm it
     * has seen.
     */
    public void inputCame() {
        beginTick();
        runInbox();
    }

    private void drainInbox() {
        inboxScheduled.set(false);
        beginTick();
        runInbox();
        endOfTick();
    }

    private void runInbox() {
        if (runningInbox) {
            return;
        }
        runningInbox = true;
        for (Runnable next = inbox.poll(); next != null; next = inbox.poll()) {
            try {
                next.run();
            } catch (RuntimeException e) {
                // What one session stumbles over must not keep the others' news from arriving.
                LOG.error("a task of event loop {} failed", index, e);
            }
        }
        runningInbox = false;
    }

    /** Passes on at once what this shard owes to others, so that none of it is under way. */
    public void passOn() {
        flushHandOffs();
    }

    private void flushHandOffs() {
        for (int i = 0; i < owed.size(); i++) {
            Shard target = owed.get(i);
            HandOff batch = outgoing[target.index];
            outgoing[target.index] = null;
            if (batch != null) {
                target.submit(batch);
            }
        }
        owed.clear();
    }

    private void flushTo(Shard target) {
        if (target.index < outgoing.length) {
            HandOff batch = outgoing[target.index];
            if (batch != null) {
                outgoing[target.index] = null;
                owed.remove(target);
                target.submit(batch);
            }
        }
    }

    /** A queue that has something to deliver. */
    public interface Dispatching {
        /** Delivers a bounded number of messages; true if there is more to do at once. */
        boolean dispatch();
    }

    /** Work put off to the end of the tick. */
    public interface TickEnd {
        void tickEnded();
    }

    /** What a shard needs of the durable log. */
    public interface LogTap {
        /** Everything below this position is on disk. */
        long durable();

        /** Whether publishers should wait for the logs to catch up. */
        boolean congested();

        /** See {@link io.chasqui.core.time.Clock}. */
        long monotonicNs();

        /** See {@link io.chasqui.core.time.Clock}. */
        long wallMs();

        /** Wakes the flushers that sleep and have something to do. */
        void wakeFlusher();
    }
}
