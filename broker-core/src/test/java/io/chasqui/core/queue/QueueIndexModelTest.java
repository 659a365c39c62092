package io.chasqui.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.store.Lsn;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The order of a queue, by arrival or by priority, does what a sorted map on the heap does, whatever
 * the order of appends, takes, settlements, purges, page traffic, checkpoints and crashes. Replays one seed with {@code
 * -Dchasqui.seed=…}.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES) // thousands of steps, each compared
class QueueIndexModelTest {

    private static final int STEPS = 25_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void the_index_does_what_a_sorted_map_does(long number) {
        run(number, null);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void a_priority_queue_does_what_a_map_sorted_by_priority_does(long number) {
        run(number, new PriorityScale(number == 1 ? 255 : 2 + (int) number, number == 2 ? 2 : 0));
    }

    private static void run(long number, @Nullable PriorityScale scale) {
        long seed = Long.getLong("chasqui.seed", number * 7919);
        Run run = new Run(seed, scale);
        int step = 0;
        try {
            for (; step < STEPS; step++) {
                run.step();
            }
            run.drainAndCheckThatNothingLeaks();
        } catch (Throwable e) {
            throw new AssertionError("-Dchasqui.seed=" + seed + " fails in step " + step, e);
        }
    }

    private static final class Message {
        final long position;
        final int length;
        final int size;
        final long bodyBytes;
        final int flags;
        final int priority;
        int deliveries;
        int returns;
        boolean redelivered;

        Message(long position, int length, int flags, int priority) {
            this.position = position;
            this.length = length;
            boolean large = (flags & QueueIndex.LARGE) != 0;
            this.size =
                    large
                            ? MessageSize.ofLarge(length, (long) length << 12)
                            : MessageSize.of(length, length - length % 300);
            this.bodyBytes = MessageSize.bodyBytes(size, large);
            this.flags = flags;
            this.priority = priority;
        }
    }

    private sealed interface Event {
        record Append(Message message) implements Event {}

        record Ack(long receipt, long position) implements Event {}

        record Purged(List<Ack> acks) implements Event {}
    }

    private static final class Run {
        private static final long QUEUE = 77;
        private static final int SEGMENT_BITS = 16;
        private static final int EVENTS_REPLAYED_TWICE = 3000;
        private static final Comparator<Long> IN_ORDER =
                Comparator.<Long>comparingInt(PriorityIndex::level)
                        .reversed()
                        .thenComparing(Comparator.naturalOrder());

        private final SplittableRandom random;
        private final DelayedPages pages = new DelayedPages();
        private PagePool pool;
        private QueueOrder index;
        private boolean waiting;
        private final @Nullable PriorityScale scale;

        private TreeMap<Long, Message> live = new TreeMap<>();
        private TreeSet<Long> ready = new TreeSet<>(IN_ORDER);
        private TreeSet<Long> unacked = new TreeSet<>();
        private List<Long> unackedInOrder = new ArrayList<>();
        private final Map<Long, Integer> toBeReported = new HashMap<>();
        private long readyBytes;

        private long nextLsn = 1 << SEGMENT_BITS;
        private final TreeMap<Long, Event> log = new TreeMap<>();
        private ByteBuffer checkpoint;
        private long checkpointLsn;
        private TreeMap<Long, Message> liveAtCheckpoint = new TreeMap<>();
        private Map<Long, Integer> deliveriesAtCheckpoint = new HashMap<>();
        private Map<Long, Integer> returnsAtCheckpoint = new HashMap<>();
        private int appendBias = 50;

        Run(long seed, @Nullable PriorityScale scale) {
            this.scale = scale;
            random = new SplittableRandom(seed);
            newIndex();
            takeCheckpoint();
        }

        private void newIndex() {
            int scarce = scale == null ? 300_000 : 300_000 * Math.min(16, scale.highest() + 1);
            pool = new PagePool(random.nextInt(4) == 0 ? 1 << 30 : scarce);
            index =
                    scale == null
                            ? level(0, pages)
                            : new PriorityIndex(QUEUE, scale, pages, this::level);
        }

        private QueueIndex level(long firstSeq, PageIo io) {
            return new QueueIndex(
                    QUEUE,
                    pool,
                    io,
                    SEGMENT_BITS,
                    1 + random.nextInt(6),
                    () -> waiting = false,
                    firstSeq);
        }

        void step() {
            if (random.nextInt(500) == 0) {
                appendBias = random.nextInt(100);
            }
            int kind = random.nextInt(1000);
            if (kind < 300) {
                if (random.nextInt(100) < appendBias) {
                    append(1 + random.nextInt(random.nextInt(8) == 0 ? 4000 : 60));
                } else {
                    take(1 + random.nextInt(random.nextInt(8) == 0 ? 4000 : 60));
                }
            } else if (kind < 650) {
                settleSome();
            } else if (kind < 750) {
                giveSomeBack();
            } else if (kind < 900) {
                pages.answerOne();
            } else if (kind < 920) {
                peek();
            } else if (kind < 940) {
                reachSome();
            } else if (kind < 960) {
                index.trim();
            } else if (kind < 980) {
                index.continuePurge(1 + random.nextInt(5000), this::reported);
            } else if (kind < 983) {
                if (random.nextInt(8) == 0) {
                    purge();
                }
            } else if (kind < 993) {
                compareTotals();
            } else if (kind < 996) {
                pages.answerAll();
                assertThat(waiting).isFalse();
            } else if (kind < 998) {
                pages.writesFail = random.nextInt(3) == 0;
            } else if (kind < 999 || random.nextInt(5) > 0) {
                takeCheckpoint();
            } else {
                crash();
            }
            assertThat(index.ready()).isEqualTo(ready.size());
            assertThat(index.unacked()).isEqualTo(unacked.size());
            assertThat(index.readyBytes()).isEqualTo(readyBytes);
        }

        private void append(int count) {
            List<Long> lsns = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                nextLsn += 8L * (1 + random.nextInt(200));
                lsns.add(nextLsn);
            }
            if (random.nextInt(3) == 0) {
                for (int from = 0; from < count; from += 30) {
                    Collections.shuffle(
                            lsns.subList(from, Math.min(count, from + 30)),
                            new Random(random.nextLong()));
                }
            }
            for (long lsn : lsns) {
                boolean isTransient = random.nextInt(5) == 0;
                Message message =
                        new Message(
                                isTransient ? lsn | Lsn.TRANSIENT : lsn,
                                random.nextInt(100_000),
                                random.nextInt(4) * QueueIndex.PERSISTENT
                                        | random.nextInt(6) / 5 * QueueIndex.TIME_TO_LIVE,
                                random.nextInt(257) - 1);
                if (!isTransient) {
                    log.put(lsn, new Event.Append(message));
                }
                long seq = appendTo(message);
                assertThat(live).doesNotContainKey(seq);
                assertThat(PriorityIndex.level(seq)).isEqualTo(level(message));
                live.put(seq, message);
                ready.add(seq);
                readyBytes += message.bodyBytes;
            }
        }

        private int level(Message message) {
            return scale == null ? 0 : scale.level(message.priority);
        }

        private long appendTo(Message message) {
            return index.append(message.position, message.size, message.flags, message.priority);
        }

        private void peek() {
            long seq = index.peekReady();
            if (seq == QueueIndex.LOADING) {
                mustWait();
            } else {
                assertThat(seq).isEqualTo(ready.isEmpty() ? QueueIndex.NONE : ready.first());
                if (seq >= 0) {
                    compare(seq);
                    if (random.nextInt(4) == 0) {
                        settle(seq);
                    }
                }
            }
        }

        private void take(int count) {
            for (int i = 0; i < count; i++) {
                long seq = index.takeReady();
                if (seq == QueueIndex.LOADING) {
                    mustWait();
                    return;
                }
                if (seq == QueueIndex.NONE) {
                    assertThat(ready).isEmpty();
                    return;
                }
                assertThat(seq).isEqualTo(ready.first());
                ready.remove(seq);
                unacked.add(seq);
                unackedInOrder.add(seq);
                readyBytes -= live.get(seq).bodyBytes;
                compare(seq);
            }
        }

        private void mustWait() {
            assertThat(pages.pending()).isPositive();
            waiting = true;
        }

        private void compare(long seq) {
            Message message = live.get(seq);
            assertThat(index.position(seq)).isEqualTo(message.position);
            assertThat(index.length(seq)).isEqualTo(message.length);
            assertThat(index.deliveryCount(seq)).isEqualTo(message.deliveries);
            assertThat(index.returns(seq)).isEqualTo(message.returns);
            assertThat(index.redelivered(seq)).isEqualTo(message.redelivered);
            assertThat(index.persistent(seq))
                    .isEqualTo((message.flags & QueueIndex.PERSISTENT) != 0);
            assertThat(index.large(seq)).isEqualTo((message.flags & QueueIndex.LARGE) != 0);
        }

        /** Settles ready messages wherever they lie, or takes them out. */
        private void reachSome() {
            for (int i = random.nextInt(6); i > 0 && !live.isEmpty(); i--) {
                long first = live.firstKey();
                Long seq = live.ceilingKey(first + random.nextLong(live.lastKey() - first + 1));
                QueueIndex level = level(seq);
                assertThat(level.reach().isLive(seq)).isTrue();
                switch (level.reach().presence(seq)) {
                    case READY -> {
                        assertThat(ready).contains(seq);
                        if (random.nextBoolean()) {
                            settle(seq);
                            assertThat(level.reach().presence(seq)).isEqualTo(Presence.GONE);
                        } else {
                            index.takeOut(seq);
                            compare(seq);
                            ready.remove(seq);
                            unacked.add(seq);
                            unackedInOrder.add(random.nextInt(unackedInOrder.size() + 1), seq);
                            readyBytes -= live.get(seq).bodyBytes;
                        }
                    }
                    case OUT -> assertThat(unacked).contains(seq);
                    case LOADING -> assertThat(pages.pending()).isPositive();
                    case GONE -> throw new AssertionError(seq + " is gone");
                }
            }
        }

        private QueueIndex level(long seq) {
            return index.levels().stream()
                    .filter(level -> level.level() == PriorityIndex.level(seq))
                    .findAny()
                    .orElseThrow();
        }

        /** Walks over all that is there; pages are read at once. */
        private void walk() {
            Map<Integer, List<Long>> limited = new HashMap<>();
            Set<Integer> withUnlimited = new HashSet<>();
            live.forEach((seq, message) -> {
                int level = PriorityIndex.level(seq);
                if ((message.flags & QueueIndex.TIME_TO_LIVE) == 0) {
                    withUnlimited.add(level);
                } else {
                    limited.computeIfAbsent(level, _ -> new ArrayList<>()).add(seq);
                }
            });
            for (QueueIndex level : index.levels()) {
                List<Long> found = new ArrayList<>();
                IndexReach reach = level.reach();
                IndexWalk walk = reach.walkFrom(0);
                for (long seq = reach.here(walk); seq != QueueIndex.NONE; seq = reach.here(walk)) {
                    found.add(seq);
                    walk.pass();
                }
                assertThat(found).isEqualTo(limited.getOrDefault(level.level(), List.of()));
                assertThat(walk.passedUnlimited()).isEqualTo(withUnlimited.contains(level.level()));
            }
        }

        private long someUnacked() {
            int size = unackedInOrder.size();
            int at =
                    random.nextInt(3) == 0
                            ? random.nextInt(size)
                            : random.nextInt(Math.min(size, 5));
            return unackedInOrder.remove(at);
        }

        private void settleSome() {
            int count = random.nextInt(random.nextInt(20) == 0 ? 3000 : 40);
            for (int i = 0; i < count && !unackedInOrder.isEmpty(); i++) {
                settle(someUnacked());
            }
        }

        private void settle(long seq) {
            index.settle(seq);
            Message message = live.remove(seq);
            if (ready.remove(seq)) {
                readyBytes -= message.bodyBytes;
            } else {
                unacked.remove(seq);
            }
            if (!Lsn.isTransient(message.position)) {
                nextLsn += 8;
                log.put(nextLsn, ack(seq, message.position));
            }
        }

        /** Now and then one that does not tell the level, as those of bodies and transactions. */
        private Event.Ack ack(long seq, long position) {
            long receipt = random.nextInt(2000) == 0 ? position : index.receipt(seq, position);
            return new Event.Ack(receipt, position);
        }

        private void giveSomeBack() {
            int count = random.nextInt(random.nextInt(20) == 0 ? 300 : 5);
            for (int i = 0; i < count && !unackedInOrder.isEmpty(); i++) {
                long seq = someUnacked();
                Message message = live.get(seq);
                int way = random.nextInt(6);
                if (way == 0) {
                    index.putBack(seq);
                } else if (way == 1) {
                    index.countReturn(seq);
                    index.putBack(seq);
                    message.redelivered = true;
                    message.returns++;
                } else {
                    boolean counts = random.nextBoolean();
                    index.requeue(seq, counts);
                    message.redelivered = true;
                    message.deliveries += counts ? 1 : 0;
                }
                unacked.remove(seq);
                ready.add(seq);
                readyBytes += message.bodyBytes;
            }
        }

        private void purge() {
            nextLsn += 8;
            log.put(nextLsn, new Event.Purged(durable(ready)));
            for (long seq : ready) {
                toBeReported.merge(live.remove(seq).position, 1, Integer::sum);
            }
            long count = ready.size();
            ready.clear();
            readyBytes = 0;
            waiting = false;
            assertThat(index.purge(this::reported)).isEqualTo(count);
        }

        private List<Event.Ack> durable(Set<Long> seqs) {
            return seqs.stream()
                    .filter(seq -> !Lsn.isTransient(live.get(seq).position))
                    .sorted()
                    .map(seq -> ack(seq, live.get(seq).position))
                    .toList();
        }

        private void reported(long seq, long position, int length, int flags) {
            Integer left = toBeReported.remove(position);
            assertThat(left).isEqualTo(1);
        }

        private void compareTotals() {
            long unackedBytes = unacked.stream().mapToLong(seq -> live.get(seq).bodyBytes).sum();
            assertThat(index.unackedBytes()).isEqualTo(unackedBytes);
            Map<Long, Integer> segments = new HashMap<>();
            eachLevel(contents ->
                    contents.forEachSegment(
                            (segment, count) -> segments.merge(segment, count, Integer::sum)));
            Map<Long, Integer> expected = new HashMap<>();
            for (Message message : live.values()) {
                expected.merge(message.position >>> SEGMENT_BITS, 1, Integer::sum);
            }
            assertThat(segments).isEqualTo(expected);

            long from = random.nextLong(nextLsn + 1);
            long to = from + random.nextLong(1 << 20);
            Set<Long> collected = new HashSet<>();
            eachLevel(contents ->
                    contents.collectLive(
                            from, to, position -> assertThat(collected.add(position)).isTrue()));
            long[] spilled = new long[1];
            eachLevel(contents ->
                    contents.spilledPagesIn(
                            from, to, (page, slot, messages) -> spilled[0] += messages));
            long inRange = 0;
            for (Message message : live.values()) {
                if (message.position >= from && message.position < to) {
                    inRange++;
                    collected.remove(message.position);
                }
            }
            assertThat(collected).isEmpty();
            if (spilled[0] == 0) {
                assertThat(inRange).isLessThanOrEqualTo(live.size());
            }
            if (!index.purging()) {
                assertThat(toBeReported).isEmpty();
            }
        }

        private void eachLevel(Consumer<IndexContents> ask) {
            index.levels().forEach(level -> ask.accept(level.contents()));
        }

        private void takeCheckpoint() {
            IndexSnapshot snapshot = new IndexSnapshot(64);
            snapshot.write(index);
            checkpoint = ByteBuffer.allocate(snapshot.section().remaining());
            checkpoint.put(snapshot.section()).flip();
            checkpointLsn = nextLsn;
            Set<Integer> slots = new HashSet<>();
            eachLevel(contents -> contents.forEachSlot(slots::add));
            pages.checkpoint(slots);
            liveAtCheckpoint = new TreeMap<>(live);
            deliveriesAtCheckpoint = new HashMap<>();
            live.forEach((seq, message) -> deliveriesAtCheckpoint.put(seq, message.deliveries));
            returnsAtCheckpoint = new HashMap<>();
            live.forEach((seq, message) -> returnsAtCheckpoint.put(seq, message.returns));
        }

        private void crash() {
            newIndex();
            pages.atOnce = true;
            ByteBuffer indexes = checkpoint.duplicate();
            IndexSnapshotSink restoring = index.recovery().restoring();
            while (indexes.hasRemaining()) {
                IndexSnapshot.read(indexes, restoring);
            }
            Set<Integer> slots = new HashSet<>();
            eachLevel(
                    contents -> contents.forEachSlot(slot -> assertThat(slots.add(slot)).isTrue()));
            pages.crash(slots);

            TreeMap<Long, Message> restored = new TreeMap<>();
            liveAtCheckpoint.forEach((seq, message) -> {
                if (!Lsn.isTransient(message.position)) {
                    message.deliveries = deliveriesAtCheckpoint.get(seq);
                    message.returns = returnsAtCheckpoint.get(seq);
                    restored.put(seq, message);
                }
            });
            replay(restored);
            index.markAllRedelivered();
            live = restored;
            walk();
            pages.atOnce = false;
            index.recovery().end(pages);

            live.values().forEach(message -> message.redelivered = true);
            ready = new TreeSet<>(IN_ORDER);
            ready.addAll(live.keySet());
            unacked.clear();
            unackedInOrder.clear();
            readyBytes = live.values().stream().mapToLong(message -> message.bodyBytes).sum();
            toBeReported.clear();
            waiting = false;
            takeCheckpoint();
        }

        private void replay(TreeMap<Long, Message> restored) {
            Map<Long, Long> seqs = new HashMap<>();
            restored.forEach((seq, message) -> seqs.put(message.position, seq));
            NavigableMap<Long, Event> events = log;
            if (log.headMap(checkpointLsn).size() > EVENTS_REPLAYED_TWICE) {
                Long from =
                        new ArrayList<>(log.headMap(checkpointLsn).keySet())
                                .get(log.headMap(checkpointLsn).size() - EVENTS_REPLAYED_TWICE);
                events = log.tailMap(from, true);
            }
            for (Event event : events.values()) {
                switch (event) {
                    case Event.Append(Message message) -> {
                        boolean there = seqs.containsKey(message.position);
                        assertThat(index.recovery().contains(message.position, message.priority))
                                .isEqualTo(there);
                        if (!there) {
                            message.deliveries = 0;
                            message.returns = 0;
                            long seq = appendTo(message);
                            restored.put(seq, message);
                            seqs.put(message.position, seq);
                        }
                    }
                    case Event.Ack ack -> settleReplayed(ack, seqs, restored);
                    case Event.Purged(List<Event.Ack> acks) ->
                            acks.forEach(ack -> settleReplayed(ack, seqs, restored));
                }
            }
        }

        private void settleReplayed(
                Event.Ack ack, Map<Long, Long> seqs, Map<Long, Message> restored) {
            Long seq = seqs.remove(ack.position());
            assertThat(index.recovery().settle(ack.receipt())).isEqualTo(seq != null);
            if (seq != null) {
                restored.remove(seq);
            }
        }

        void drainAndCheckThatNothingLeaks() {
            pages.writesFail = false;
            if (random.nextBoolean()) {
                while (!ready.isEmpty()) {
                    take(1000);
                    pages.answerAll();
                }
                while (!unackedInOrder.isEmpty()) {
                    settle(unackedInOrder.removeLast());
                }
            } else {
                live.values()
                        .forEach(message -> toBeReported.merge(message.position, 1, Integer::sum));
                assertThat(index.clear()).isEqualTo(live.size());
            }
            while (index.purging()) {
                index.continuePurge(10_000, this::reported);
                pages.answerAll();
            }
            pages.answerAll();
            index.trim();
            assertThat(toBeReported).isEmpty();
            assertThat(pool.usedBytes()).isZero();
            assertThat(pool.residentBytes()).isLessThanOrEqualTo(1 << 20);
            assertThat(pages.slotsInUse()).isZero();
        }
    }
}
