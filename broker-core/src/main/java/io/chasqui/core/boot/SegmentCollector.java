package io.chasqui.core.boot;

import io.chasqui.core.message.MessageStore;
import io.chasqui.core.queue.IndexContents;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.store.LogGeometry;
import io.chasqui.core.store.PageFile;
import io.chasqui.core.store.SegmentReclaimer;
import io.chasqui.core.store.StoreException;
import io.chasqui.core.vhost.VirtualHosts;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives log segments back: dead ones as they are, those pinned by few messages after rewriting them
 * with these alone. Works behind the older of the two checkpoints, where recovery never reads, on
 * the housekeeper's thread; asks each shard what its queues still hold. Nothing is destroyed before
 * the settlements that made it garbage are on disk.
 */
final class SegmentCollector {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentCollector.class);

    /** A segment is worth rewriting when at most this part of it is live. */
    private static final double SPARSE = 0.5;

    /** Segments rewritten after one round of questions: bounds the positions held in memory. */
    private static final int SEGMENTS_PER_ROUND = 16;

    private final MessageStore store;
    private final PageFile pages;
    private final VirtualHosts vhosts;
    private final DurabilityBarrier barrier;
    private final List<Shard> shards;
    private final SegmentReclaimer durable;
    private final SegmentReclaimer transientSegments;
    private final ByteBuffer page = ByteBuffer.allocateDirect(PageFile.PAGE_BYTES);

    SegmentCollector(
            MessageStore store,
            PageFile pages,
            VirtualHosts vhosts,
            List<Shard> shards,
            DurabilityBarrier barrier) {
        this.barrier = barrier;
        this.store = store;
        this.pages = pages;
        this.vhosts = vhosts;
        this.shards = shards;
        this.durable = SegmentReclaimer.of(store.durableLog());
        this.transientSegments = SegmentReclaimer.of(store.transientLog());
    }

    /** Gives back spilled segments of the transient log that nobody needs any more. */
    void collectTransient() {
        transientSegments.free(transientSegments.deadSegments(Long.MAX_VALUE));
    }

    /**
     * @param replayFrom where recovery from the older checkpoint would begin to read
     * @param diskShort whether to rewrite sparse segments even while they are few
     */
    void collect(long replayFrom, boolean diskShort) {
        List<Long> dead = durable.deadSegments(replayFrom);
        if (!dead.isEmpty()) {
            barrier.awaitDurable();
            durable.free(dead);
        }
        if (durable.compactionDue(diskShort)) {
            List<Long> sparse = durable.sparseSegments(replayFrom, SPARSE);
            for (int from = 0; from < sparse.size(); from += SEGMENTS_PER_ROUND) {
                compact(sparse.subList(from, Math.min(sparse.size(), from + SEGMENTS_PER_ROUND)));
            }
        }
    }

    private void compact(List<Long> segments) {
        LogGeometry geometry = store.durableLog().geometry();
        long from = geometry.lsn(segments.getFirst(), 0);
        long to = geometry.lsn(segments.getLast() + 1, 0);
        long[] live;
        try {
            live = livePositions(from, to);
        } catch (StoreException unreadable) {
            LOG.warn("segments stay as they are: {}", unreadable.getMessage());
            return;
        }
        barrier.awaitDurable();
        for (long segment : segments) {
            long start = geometry.lsn(segment, 0);
            long end = geometry.lsn(segment + 1, 0);
            durable.compact(
                    segment, LongStream.of(live).filter(at -> at >= start && at < end).toArray());
        }
    }

    /** Every position in the range that a queue of any kind still holds, ascending, each once. */
    private long[] livePositions(long from, long to) {
        LongStream.Builder found = LongStream.builder();
        for (Shard shard : shards) {
            Held held =
                    CompletableFuture.supplyAsync(() -> held(shard, from, to), shard::submit)
                            .join();
            held.positions.forEach(found::add);
            for (SpilledSlot slot : held.slots) {
                pages.read(slot.slot, slot.queueId, slot.pageNumber, page.clear());
                IndexContents.collectLive(page, from, to, found);
            }
        }
        store.largeBodies()
                .forEachDurablePart(part -> {
                    if (part >= from && part < to) {
                        found.add(part);
                    }
                });
        return found.build().sorted().distinct().toArray();
    }

    private record SpilledSlot(long queueId, long pageNumber, int slot) {}

    private record Held(List<Long> positions, List<SpilledSlot> slots) {}

    private Held held(Shard shard, long from, long to) {
        Held held = new Held(new ArrayList<>(), new ArrayList<>());
        vhosts.all().stream()
                .flatMap(vhost -> vhost.queues().stream())
                .filter(queue -> queue.shard() == shard && !queue.isDeleted())
                .flatMap(queue -> queue.index().levels().stream())
                .forEach(index -> {
                    index.contents().collectLive(from, to, held.positions::add);
                    index.contents()
                            .spilledPagesIn(
                                    from,
                                    to,
                                    (pageNumber, slot, messages) ->
                                            held.slots.add(
                                                    new SpilledSlot(
                                                            index.queueId(), pageNumber, slot)));
                });
        return held;
    }
}
