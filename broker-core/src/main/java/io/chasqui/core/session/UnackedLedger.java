package io.chasqui.core.session;

import io.chasqui.core.queue.Settlement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries of one channel that its client has not settled yet, by delivery tag (0-9-1
 * §1.8.3.9). Tags count up from 1 without gaps; entries are kept in their order, settled ones in the
 * middle leave a hole until the holes outnumber the rest. Memory follows the unsettled deliveries,
 * not the distance between their tags.
 */
public final class UnackedLedger {

    /** Instead of a place in the queue: the delivery was given back, only its tag is still known. */
    static final long GIVEN_BACK = -1;

    private static final int INITIAL_SIZE = 64;

    private long[] tags = new long[INITIAL_SIZE];
    private long[] seqs = new long[INITIAL_SIZE];
    private long[] positions = new long[INITIAL_SIZE];
    private @Nullable Subscription[] owners = new @Nullable Subscription[INITIAL_SIZE];
    private int head;
    private int end;
    private int live;
    private long lastTag;

    /** How often a range passed over a hole; so that a client cannot have it done for ever. */
    private int holesPassed;

    /** Takes the next delivery tag without an entry: nothing to settle. */
    public long skip() {
        return ++lastTag;
    }

    /** Takes the next delivery tag for an unsettled delivery. */
    public long add(Subscription owner, long seq, long position) {
        if (end == tags.length) {
            makeRoom();
        }
        tags[end] = ++lastTag;
        seqs[end] = seq;
        positions[end] = position;
        owners[end++] = owner;
        live++;
        return lastTag;
    }

    /** Takes the last delivery tag back. */
    public void undo() {
        if (end > head && tags[end - 1] == lastTag) {
            owners[--end] = null;
            live--;
        }
        lastTag--;
    }

    public int size() {
        return live;
    }

    /**
     * Settles one delivery.
     *
     * @return false if the tag is unknown: never given out, or settled before
     */
    public boolean settle(long tag, Settler settler) {
        int at = Arrays.binarySearch(tags, head, end, tag);
        Subscription owner = at < 0 ? null : owners[at];
        if (owner == null) {
            return false;
        }
        owners[at] = null;
        live--;
        settler.settle(tag, owner, seqs[at], positions[at]);
        dropHoles();
        return true;
    }

    /**
     * Settles every delivery up to a tag, in order; all of them if the tag is 0.
     *
     * @return false if the tag is unknown
     */
    public boolean settleUpTo(long tag, Settler settler) {
        if (tag != 0) {
            int at = Arrays.binarySearch(tags, head, end, tag);
            if (at < 0 || owners[at] == null) {
                return false;
            }
        }
        while (head < end && (tag == 0 || tags[head] <= tag)) {
            Subscription owner = owners[head];
            if (owner != null) {
                owners[head] = null;
                live--;
                settler.settle(tags[head], owner, seqs[head], positions[head]);
            }
            head++;
        }
        dropHoles();
        return true;
    }

    /**
     * Gives one consumer's deliveries back to their queue, in order, and unharmed. Their tags stay
     * known: a client that settles one of them later does no harm.
     */
    public void giveBack(Subscription owner) {
        giveBack(owner, _ -> {});
    }

    /** As {@link #giveBack(Subscription)}; their tags are told. */
    public void giveBack(Subscription owner, LongConsumer told) {
        for (int i = head; i < end; i++) {
            if (owners[i] == owner && seqs[i] != GIVEN_BACK) {
                owner.settle(seqs[i], Settlement.RETURNED);
                seqs[i] = GIVEN_BACK;
                told.accept(tags[i]);
            }
        }
    }

    /** Settles one consumer's deliveries, in order; their tags are unknown from then on. */
    public void settleAllOf(Subscription owner, Settler settler) {
        for (int i = head; i < end; i++) {
            if (owners[i] == owner) {
                owners[i] = null;
                live--;
                settler.settle(tags[i], owner, seqs[i], positions[i]);
            }
        }
        dropHoles();
    }

    /** Settles the deliveries that are left from one tag to another, in order. */
    public void settleRange(long from, long to, Settler settler) {
        int at = Arrays.binarySearch(tags, head, end, from);
        for (int i = at < 0 ? -at - 1 : at; i < end && tags[i] <= to; i++) {
            Subscription owner = owners[i];
            if (owner == null) {
                holesPassed++;
            } else {
                owners[i] = null;
                live--;
                settler.settle(tags[i], owner, seqs[i], positions[i]);
            }
        }
        dropHoles();
        if (holesPassed > INITIAL_SIZE && holesPassed > end - head) {
            compact();
        }
    }

    /** The tag given out last, 0 before the first. */
    public long lastTag() {
        return lastTag;
    }

    /** Whose deliveries these are, each once. */
    Set<Subscription> owners() {
        Set<Subscription> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = head; i < end; i++) {
            Subscription owner = owners[i];
            if (owner != null) {
                distinct.add(owner);
            }
        }
        return distinct;
    }

    /** Takes back deliveries that turned out not to be settled, each under its old tag. */
    void restore(List<Transaction.Settled> again) {
        if (again.isEmpty()) {
            return;
        }
        List<Transaction.Settled> sorted = new ArrayList<>(again);
        sorted.sort(Comparator.comparingLong(Transaction.Settled::tag));
        UnackedLedger merged = new UnackedLedger();
        int next = 0;
        for (int i = head; i < end; i++) {
            Subscription owner = owners[i];
            if (owner != null) {
                while (next < sorted.size() && sorted.get(next).tag() < tags[i]) {
                    merged.add(sorted.get(next++));
                }
                merged.add(tags[i], owner, seqs[i], positions[i]);
            }
        }
        while (next < sorted.size()) {
            merged.add(sorted.get(next++));
        }
        tags = merged.tags;
        seqs = merged.seqs;
        positions = merged.positions;
        owners = merged.owners;
        head = merged.head;
        end = merged.end;
        live = merged.live;
    }

    private void add(Transaction.Settled settled) {
        add(settled.tag(), settled.owner(), settled.seq(), settled.position());
    }

    private void add(long tag, Subscription owner, long seq, long position) {
        lastTag = tag - 1;
        add(owner, seq, position);
    }

    private void dropHoles() {
        while (head < end && owners[head] == null) {
            head++;
        }
        if (head == end) {
            head = 0;
            end = 0;
        }
    }

    private void makeRoom() {
        if (live > tags.length / 2) {
            int larger = tags.length * 2;
            tags = Arrays.copyOf(tags, larger);
            seqs = Arrays.copyOf(seqs, larger);
            positions = Arrays.copyOf(positions, larger);
            owners = Arrays.copyOf(owners, larger);
        }
        compact();
    }

    private void compact() {
        int to = 0;
        for (int from = head; from < end; from++) {
            if (owners[from] != null) {
                tags[to] = tags[from];
                seqs[to] = seqs[from];
                positions[to] = positions[from];
                owners[to++] = owners[from];
            }
        }
        Arrays.fill(owners, to, end, null);
        head = 0;
        end = to;
        holesPassed = 0;
    }

    /** What to do with each delivery that is settled. */
    @FunctionalInterface
    public interface Settler {
        void settle(long tag, Subscription owner, long seq, long position);
    }
}
