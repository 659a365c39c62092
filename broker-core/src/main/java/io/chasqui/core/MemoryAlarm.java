package io.chasqui.core;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocks publishers while memory is above its watermark, and until it is a tenth below.
 *
 * <p>What counts is memory in use, not what the system has given to the process: a Java heap hardly
 * ever gives memory back, so an alarm by resident memory would never end. How much of the heap is
 * garbage is known only after a collection. If the alarm hangs on that, one is asked for now and then.
 *
 * <p>Any thread may call, one at a time looks.
 */
public final class MemoryAlarm {

    private static final Logger LOG = LoggerFactory.getLogger(MemoryAlarm.class);

    /** A collection stops everything for a moment. */
    private static final long COLLECT_INTERVAL_NS = TimeUnit.SECONDS.toNanos(30);

    /** Memory must fall below this part of the watermark before publishers go on, lest they flap. */
    private static final double RECOVERED = 0.9;

    private static final int MIB_BITS = 20;

    private final Alarms alarms;
    private final Gauge gauge;
    private volatile Limits limits;
    private boolean raised;
    private long collectedNs;
    private boolean collected;

    /** Memory, as it can be seen and found out. */
    public interface Gauge {

        Use read();

        /** Finds out what is garbage, by collecting it. */
        void collect();
    }

    /**
     * Memory in use.
     *
     * @param heapBytes of the heap, garbage included
     * @param liveBytes of the heap when garbage was last collected, 0 if it never was
     * @param otherBytes outside the heap
     */
    public record Use(long heapBytes, long liveBytes, long otherBytes) {}

    /**
     * Watermarks.
     *
     * @param heapBytes of the heap alone, which cannot borrow from the rest
     * @param otherBytes of what is outside it alone, which cannot borrow from the heap
     * @param totalBytes of both together
     */
    public record Limits(long heapBytes, long otherBytes, long totalBytes) {}

    public MemoryAlarm(Alarms alarms, Gauge gauge, Limits limits) {
        this.alarms = alarms;
        this.gauge = gauge;
        this.limits = limits;
    }

    /** Moves the watermarks, from the next look on. */
    public void limits(Limits next) {
        limits = next;
    }

    /** The watermark of all memory together. */
    public long totalLimitBytes() {
        return limits.totalBytes;
    }

    /** Looks at memory, and raises or ends the alarm; to be called several times a second. */
    public synchronized void check(long nowNs) {
        Use use = gauge.read();
        if (mayBeAbove(use) && mayBeGarbage(use) && collectionDue(nowNs)) {
            collected = true;
            collectedNs = nowNs;
            gauge.collect();
            if (!raised && use.otherBytes() > limits.otherBytes) {
                return; // buffers outside the heap are given back a moment later: the next look
                // tells
            }
            use = gauge.read();
        }
        if (isAbove(use)) {
            become(true, use);
        } else if (!mayBeAbove(use)) {
            become(false, use);
        }
    }

    /** Whether a collection could help; buffers outside the heap go with the objects that held them. */
    private boolean mayBeGarbage(Use use) {
        return raised || !isAbove(use) || use.otherBytes() > limits.otherBytes;
    }

    private boolean collectionDue(long nowNs) {
        return !collected || nowNs - collectedNs >= COLLECT_INTERVAL_NS;
    }

    /** Whether memory would be above its watermark if nothing of the heap were garbage. */
    private boolean mayBeAbove(Use use) {
        return isAbove(use.heapBytes(), use.otherBytes());
    }

    private boolean isAbove(Use use) {
        return isAbove(Math.min(use.liveBytes(), use.heapBytes()), use.otherBytes());
    }

    private boolean isAbove(long heapBytes, long otherBytes) {
        double part = raised ? RECOVERED : 1;
        Limits now = limits;
        return heapBytes > now.heapBytes * part
                || otherBytes > now.otherBytes * part
                || heapBytes + otherBytes > now.totalBytes * part;
    }

    private void become(boolean isShort, Use use) {
        if (isShort == raised) {
            return;
        }
        raised = isShort;
        if (isShort) {
            LOG.warn(
                    "memory alarm: {} MiB of heap in use, limit {}; {} MiB outside, limit {}; {} MiB"
                            + " in all, limit {}; publishers are blocked",
                    use.liveBytes() >> MIB_BITS,
                    limits.heapBytes >> MIB_BITS,
                    use.otherBytes() >> MIB_BITS,
                    limits.otherBytes >> MIB_BITS,
                    (use.liveBytes() + use.otherBytes()) >> MIB_BITS,
                    limits.totalBytes >> MIB_BITS);
        } else {
            LOG.info(
                    "memory alarm over: {} MiB of heap in use, {} MiB in all",
                    use.heapBytes() >> MIB_BITS,
                    (use.heapBytes() + use.otherBytes()) >> MIB_BITS);
        }
        alarms.set(Alarms.Shortage.MEMORY, isShort);
    }
}
