package io.chasqui.core.queue;

import java.util.Arrays;
import java.util.function.LongPredicate;

/** A binary min-heap of sequence numbers without objects: adding and removing cost O(log n). */
final class SeqHeap {

    private static final long[] EMPTY = {};
    private static final int SMALLEST = 16;

    private long[] seqs = EMPTY;
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** The lowest. */
    long peek() {
        return seqs[0];
    }

    void add(long seq) {
        if (size == seqs.length) {
            seqs = Arrays.copyOf(seqs, Math.max(SMALLEST, size * 2));
        }
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (seqs[parent] <= seq) {
                break;
            }
            seqs[at] = seqs[parent];
            at = parent;
        }
        seqs[at] = seq;
    }

    /** Removes the lowest. */
    void pop() {
        long last = seqs[--size];
        int at = 0;
        for (int child = 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && seqs[child + 1] < seqs[child]) {
                child++;
            }
            if (seqs[child] >= last) {
                break;
            }
            seqs[at] = seqs[child];
            at = child;
        }
        seqs[at] = last;
    }

    /** Keeps each of those once that are {@code wanted}. */
    void retain(LongPredicate wanted) {
        Arrays.sort(seqs, 0, size); // which is a heap, too
        int kept = 0;
        for (int i = 0; i < size; i++) {
            boolean again = kept > 0 && seqs[kept - 1] == seqs[i];
            if (!again && wanted.test(seqs[i])) {
                seqs[kept++] = seqs[i];
            }
        }
        size = kept;
    }

    void clear() {
        size = 0;
    }

    /** Gives back memory if empty. */
    void trim() {
        if (size == 0) {
            seqs = EMPTY;
        }
    }
}
