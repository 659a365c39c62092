package io.chasqui.core.queue;

import io.chasqui.core.message.DeathReason;
import java.util.Arrays;

/** Places in a queue of messages that wait to be dead-lettered, and why, in the order of their deaths. */
final class DyingMessages {

    private static final int INITIAL_SIZE = 16;

    private static final DeathReason[] REASONS = DeathReason.values();

    private long[] seqs = {};
    private byte[] reasons = {};
    private int head;
    private int end;

    void add(long seq, DeathReason reason) {
        if (end == seqs.length) {
            makeRoom();
        }
        seqs[end] = seq;
        reasons[end++] = (byte) reason.ordinal();
    }

    private void makeRoom() {
        int size = end - head;
        int capacity = Math.max(INITIAL_SIZE, size * 2);
        seqs = Arrays.copyOf(Arrays.copyOfRange(seqs, head, end), capacity);
        reasons = Arrays.copyOf(Arrays.copyOfRange(reasons, head, end), capacity);
        head = 0;
        end = size;
    }

    int size() {
        return end - head;
    }

    boolean isEmpty() {
        return head == end;
    }

    /** The i-th of them, from 0. */
    long seq(int i) {
        return seqs[head + i];
    }

    /** Why the i-th of them dies. */
    DeathReason reason(int i) {
        return REASONS[reasons[head + i]];
    }

    void removeFirst() {
        if (++head == end) {
            clear();
        }
    }

    void clear() {
        head = 0;
        end = 0;
        if (seqs.length > INITIAL_SIZE) {
            seqs = new long[] {};
            reasons = new byte[] {};
        }
    }
}
