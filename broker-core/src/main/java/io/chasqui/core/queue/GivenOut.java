package io.chasqui.core.queue;

import java.util.Arrays;

/**
 * Since when the messages that a queue has given out are with their consumers. A table by sequence
 * number, in which the messages out at one time, whose numbers are close, do not meet; it grows when
 * they do, up to a bound. Beyond it a message is not timed: that is worth no more memory.
 */
final class GivenOut {

    static final long UNKNOWN = Long.MIN_VALUE;

    private static final int INITIAL_SIZE = 8;
    private static final int LARGEST_SIZE = 1 << 16;
    private static final long FREE = -1;

    /** Keeps the numbers of different levels, which may agree in all their lower bits, apart. */
    private static final long LEVELS_APART = 0x9E3779B1L;

    private long[] seqs = {};
    private long[] sinceNs = {};
    private int size;

    void put(long seq, long nowNs) {
        if (seqs.length == 0) {
            resize(INITIAL_SIZE);
        }
        int at = at(seq);
        while (seqs[at] != FREE && seqs[at] != seq) {
            if (!grow()) {
                return;
            }
            at = at(seq);
        }
        if (seqs[at] == FREE) {
            size++;
        }
        seqs[at] = seq;
        sinceNs[at] = nowNs;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Since when the message is out that is out longest; there must be one. */
    long oldest() {
        long oldest = UNKNOWN;
        for (int i = 0; i < seqs.length; i++) {
            if (seqs[i] != FREE && (oldest == UNKNOWN || sinceNs[i] - oldest < 0)) {
                oldest = sinceNs[i];
            }
        }
        return oldest;
    }

    /** Forgets a message and returns since when it was out, or {@link #UNKNOWN}. */
    long remove(long seq) {
        if (seqs.length == 0) {
            return UNKNOWN;
        }
        int at = at(seq);
        if (seqs[at] != seq) {
            return UNKNOWN;
        }
        seqs[at] = FREE;
        size--;
        return sinceNs[at];
    }

    private int at(long seq) {
        return (int) (seq + PriorityIndex.level(seq) * LEVELS_APART) & (seqs.length - 1);
    }

    private boolean grow() {
        if (seqs.length == LARGEST_SIZE) {
            return false;
        }
        // Those that did not meet before do not meet in a table twice the size.
        resize(seqs.length * 2);
        return true;
    }

    private void resize(int size) {
        long[] oldSeqs = seqs;
        long[] oldSince = sinceNs;
        seqs = new long[size];
        sinceNs = new long[size];
        Arrays.fill(seqs, FREE);
        for (int i = 0; i < oldSeqs.length; i++) {
            if (oldSeqs[i] != FREE) {
                int at = at(oldSeqs[i]);
                seqs[at] = oldSeqs[i];
                sinceNs[at] = oldSince[i];
            }
        }
    }
}
