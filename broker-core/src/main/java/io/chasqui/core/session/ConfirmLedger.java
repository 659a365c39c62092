package io.chasqui.core.session;

/**
 * The publishes of one channel in confirm mode that are not confirmed yet: for each, in order, the
 * log position to wait for. Positions of one channel never go down, so that confirming is popping a
 * prefix and the answer is one {@code basic.ack} with {@code multiple}.
 */
public final class ConfirmLedger {

    private long[] positions = new long[64];
    private int head;
    private int size;
    private long confirmed;
    private long highest;

    /**
     * Notes the next publish.
     *
     * @param position what to wait for; 0 if nothing (a transient or unroutable message), which
     *     still is confirmed after the publishes before it
     * @return its number, from 1 on
     */
    public long add(long position) {
        if (size == positions.length) {
            grow();
        }
        highest = Math.max(highest, position);
        positions[(head + size) & (positions.length - 1)] = highest;
        size++;
        return confirmed + size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public int size() {
        return size;
    }

    /** The highest position waited for. */
    public long highestPosition() {
        return highest;
    }

    /** Drops every leading publish that is on disk; returns the number of the last one confirmed. */
    public long confirmBelow(long durable) {
        int mask = positions.length - 1;
        while (size > 0 && positions[head] < durable) {
            head = (head + 1) & mask;
            size--;
            confirmed++;
        }
        return confirmed;
    }

    private void grow() {
        long[] larger = new long[positions.length * 2];
        int first = positions.length - head;
        System.arraycopy(positions, head, larger, 0, first);
        System.arraycopy(positions, 0, larger, first, head);
        positions = larger;
        head = 0;
    }
}
