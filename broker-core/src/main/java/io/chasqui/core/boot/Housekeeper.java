package io.chasqui.core.boot;

import io.chasqui.core.Alarms;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.store.CheckpointStore;
import io.chasqui.core.store.Disk;
import io.chasqui.core.store.PageFile;
import io.chasqui.core.store.StoreException;
import io.chasqui.core.time.Clock;
import io.chasqui.core.vhost.VirtualHosts;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must be done now and then: watch the disk's free space, write checkpoints, give dead and
 * nearly dead log segments back. One thread; blocks nobody.
 */
final class Housekeeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeper.class);

    private static final long INTERVAL_MS = 200;

    /** How soon a checkpoint follows another while space is short. */
    private static final long PRESSED_INTERVAL_MS = 1000;

    private static final long DEFAULT_FREE_LIMIT = 1L << 30;

    /** Free space must exceed the limit by a tenth before publishers go on, lest they flap. */
    private static final int RECOVER_TENTHS = 11;

    private final BrokerOptions options;
    private final Disk disk;
    private final Clock clock;
    private final MessageStore store;
    private final CheckpointStore checkpoints;
    private final Checkpointer checkpointer;
    private final SegmentCollector collector;
    private final Alarms alarms;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task ->
                    Thread.ofPlatform().daemon().name("chasqui-housekeeper").unstarted(task));
    private long lastMark;
    private long lastCheckpointNs;
    private boolean diskShort;
    private volatile DiskSpace diskSpace = DiskSpace.UNKNOWN;

    /** Free space is below its limit, or the log could not grow. */
    private boolean pressed;

    Housekeeper(
            BrokerOptions options,
            Disk disk,
            Clock clock,
            MessageStore store,
            CheckpointStore checkpoints,
            Checkpointer checkpointer,
            PageFile pages,
            VirtualHosts vhosts,
            List<Shard> shards,
            DurabilityBarrier barrier,
            Alarms alarms) {
        this.options = options;
        this.disk = disk;
        this.clock = clock;
        this.store = store;
        this.checkpointer = checkpointer;
        this.checkpoints = checkpoints;
        this.collector = new SegmentCollector(store, pages, vhosts, shards, barrier);
        this.alarms = alarms;
        this.lastMark = store.durableLog().tail();
        this.lastCheckpointNs = clock.monotonicNs();
    }

    void start() {
        thread.scheduleWithFixedDelay(
                this::guardedStep, INTERVAL_MS, INTERVAL_MS, TimeUnit.MILLISECONDS);
    }

    /** As it was when the housekeeper last looked. */
    DiskSpace diskSpace() {
        return diskSpace;
    }

    private void guardedStep() {
        try {
            step();
        } catch (StoreException | IOException failure) {
            LOG.error("housekeeping failed, trying again: {}", failure.toString());
        } catch (RuntimeException fault) {
            LOG.error("housekeeping failed", fault);
        }
    }

    private void step() throws IOException {
        watchDisk();
        collector.collectTransient();
        if (checkpointDue()) {
            checkpoint(false);
        }
    }

    private void watchDisk() throws IOException {
        long free = disk.usableBytes();
        long limit =
                options.diskFreeLimitBytes()
                        .orElse(Math.max(DEFAULT_FREE_LIMIT, disk.totalBytes() / 20));
        diskSpace = new DiskSpace(free, limit);
        boolean below = diskShort ? free < limit / 10 * RECOVER_TENTHS : free < limit;
        boolean starved = store.durableLog().starved();
        if (below != diskShort) {
            diskShort = below;
            if (below) {
                LOG.warn(
                        "disk alarm: {} bytes free, limit {}; publishers are blocked", free, limit);
            } else {
                LOG.info("disk alarm over: {} bytes free, limit {}", free, limit);
            }
        }
        pressed = below || starved;
        alarms.set(Alarms.Shortage.DISK, pressed);
    }

    /**
     * Also when nothing was appended: segments are given back only behind the older of the two
     * checkpoints, so one more lets the garbage go that the last one left.
     */
    private boolean checkpointDue() {
        long appended = store.durableLog().tail() - lastMark;
        long sinceMs = (clock.monotonicNs() - lastCheckpointNs) / 1_000_000;
        boolean something = appended > 0 || checkpoints.olderReplayFrom() < lastMark;
        return appended >= options.checkpointLogBytes()
                || (something && sinceMs >= options.checkpointIntervalMs())
                || (something && pressed && sinceMs >= PRESSED_INTERVAL_MS);
    }

    private void checkpoint(boolean clean) {
        lastMark = checkpointer.write(clean);
        lastCheckpointNs = clock.monotonicNs();
        collector.collect(checkpoints.olderReplayFrom(), pressed);
    }

    /** Stops, after a last checkpoint from which the next start need not read the log. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(30, TimeUnit.SECONDS)) {
                LOG.warn("housekeeping did not end in time; stopping without a last checkpoint");
                return;
            }
            if (store.durableLog().failure() == null) {
                checkpointer.write(true);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
