package io.chasqui.core.boot;

import io.chasqui.core.admin.Administration;
import io.chasqui.core.definition.DefinitionChange;
import io.chasqui.core.definition.DefinitionCodec;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.queue.IndexSnapshot;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.store.CheckpointStore;
import io.chasqui.core.store.CheckpointWriter;
import io.chasqui.core.store.PageFile;
import io.chasqui.core.vhost.VirtualHost;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Writes checkpoints: what must be known so that recovery need not read the log from its beginning.
 *
 * <p><b>A fuzzy snapshot that is exact.</b> The mark R is the log's end when the checkpoint begins.
 * Every shard then passes on what it owes to other shards; after that round every effect of a record
 * below R has reached its queue, or stands before the snapshot task in that queue's inbox. Queues
 * are then written one by one, each on its own shard, while the broker runs. Their images may hold
 * effects of records above R; replaying those again changes nothing, because a publish is applied
 * only if the queue does not hold its position, and an acknowledgement only if it does.
 */
final class Checkpointer {

    /** Queues written in one task on a shard, so that a task stays short. */
    private static final int QUEUES_PER_TASK = 64;

    private static final int SECTION_BYTES = 64 * 1024;

    private final CheckpointStore checkpoints;
    private final PageFile pages;
    private final MessageStore store;
    private final Administration administration;
    private final List<Shard> shards;
    private final LongSupplier nextQueueId;
    private final DurabilityBarrier barrier;

    Checkpointer(
            CheckpointStore checkpoints,
            PageFile pages,
            MessageStore store,
            Administration administration,
            List<Shard> shards,
            LongSupplier nextQueueId,
            DurabilityBarrier barrier) {
        this.checkpoints = checkpoints;
        this.pages = pages;
        this.store = store;
        this.administration = administration;
        this.shards = shards;
        this.nextQueueId = nextQueueId;
        this.barrier = barrier;
    }

    /**
     * Writes a checkpoint and makes it durable. Blocks; never called on a shard.
     *
     * @param clean whether nothing will be appended after it: the broker stops
     * @return the log position from which recovery will read
     */
    long write(boolean clean) {
        long mark = store.durableLog().tail();
        everyShard(Shard::passOn);
        try (CheckpointWriter writer = checkpoints.begin()) {
            writer.section(
                    Sections.NEXT_QUEUE_ID,
                    ByteBuffer.allocate(Long.BYTES).putLong(nextQueueId.getAsLong()).flip());
            for (VirtualHost vhost : administration.virtualHosts()) {
                writer.section(Sections.DEFINITIONS, definitions(vhost::forEachChange));
                writeIndexes(vhost, writer);
            }
            if (administration.isFounded()) {
                writer.section(Sections.ACCOUNTS, definitions(administration::forEachAccessChange));
            }
            writer.section(Sections.LARGE_BODIES, store.largeBodies().snapshot());
            barrier.awaitDurable(); // the images may hold messages that are not on disk yet
            pages.sync();
            writer.commit(mark, clean);
        }
        pages.checkpointCompleted();
        return mark;
    }

    private static ByteBuffer definitions(Consumer<Consumer<DefinitionChange>> all) {
        List<ByteBuffer> changes = new ArrayList<>();
        all.accept(change -> changes.add(DefinitionCodec.encode(change)));
        int bytes = changes.stream().mapToInt(change -> Integer.BYTES + change.remaining()).sum();
        ByteBuffer section = ByteBuffer.allocate(bytes);
        changes.forEach(change -> section.putInt(change.remaining()).put(change));
        return section.flip();
    }

    private void writeIndexes(VirtualHost vhost, CheckpointWriter writer) {
        for (Shard shard : shards) {
            List<Queue> queues =
                    vhost.queues().stream()
                            .filter(queue -> queue.isDurable() && queue.shard() == shard)
                            .toList();
            for (int from = 0; from < queues.size(); from += QUEUES_PER_TASK) {
                List<Queue> some =
                        queues.subList(from, Math.min(queues.size(), from + QUEUES_PER_TASK));
                writer.section(Sections.QUEUE_INDEXES, onShard(shard, () -> indexes(some)));
                writeAnnotations(some, writer);
            }
        }
    }

    private static ByteBuffer indexes(List<Queue> queues) {
        IndexSnapshot snapshot = new IndexSnapshot(SECTION_BYTES);
        for (Queue queue : queues) {
            if (!queue.isDeleted()) {
                snapshot.write(queue.index());
            }
        }
        return snapshot.section();
    }

    /** They may be newer than the indexes, and of messages that are gone: nobody minds. */
    private static void writeAnnotations(List<Queue> queues, CheckpointWriter writer) {
        for (Queue queue : queues) {
            ByteBuffer added = queue.addedAnnotations().snapshot();
            if (added.hasRemaining()) {
                writer.section(Sections.ANNOTATIONS, added);
            }
        }
    }

    private void everyShard(Consumer<Shard> work) {
        List<CompletableFuture<Void>> all =
                shards.stream()
                        .map(shard ->
                                CompletableFuture.runAsync(() -> work.accept(shard), shard::submit))
                        .toList();
        all.forEach(CompletableFuture::join);
    }

    private static <T> T onShard(Shard shard, Supplier<T> question) {
        return CompletableFuture.supplyAsync(question, shard::submit).join();
    }
}
