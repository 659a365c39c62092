package io.chasqui.core.session;

import io.chasqui.core.time.Durations;

/**
 * The publishes of one channel in confirm mode that are not confirmed yet: for each, in order, the
 * log position to wait for. Positions of one channel never go down, so that confirming is popping a
 * prefix and the answer is one {@code basic.ack} with {@code multiple}.
 */
public final class ConfirmLedger {

    private long[] positions = new long[64];
    private long[] times = new long[64];
    private int head;
    private int size;
    private long confirmed;
    private long highest;

    /**
     * Notes the next publish.
     *
     * @param position what to wait for; 0 if nothing (a transient or unroutable message), which
     *     still is confirmed after the publishes before it
     * @param nowNs when it came
     * @return its number, from 1 on
     */
    public long add(long position, long nowNs) {
        if (size == positions.length) {
            grow();
        }
        highest = Math.max(highest, position);
        int at = (head + size) & (positions.length - 1);
        positions[at] = highest;
        times[at] = nowNs;
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

    /**
     * Drops every leading publish that is on disk; returns the number of the last one confirmed.
     *
     * @param latencies takes how long each of them took until {@code nowNs}
     */
    public long confirmBelow(long durable, long nowNs, Durations latencies) {
        int mask = positions.length - 1;
        while (size > 0 && positions[head] < durable) {
            long came = times[head];
            long together = 0;
            while (size > 0 && positions[head] < durable && times[head] == came) {
                head = (head + 1) & mask;
                size--;
                together++;
            }
            confirmed += together;
            latencies.add(nowNs - came, together);
        }
        return confirmed;
    }

    private void grow() {
        positions = inOrder(positions);
        times = inOrder(times);
        head = 0;
    }

    /** A copy twice the size that begins at the head. */
    private long[] inOrder(long[] ring) {
        long[] larger = new long[ring.length * 2];
        int first = ring.length - head;
        System.arraycopy(ring, head, larger, 0, first);
        System.arraycopy(ring, 0, larger, first, head);
        return larger;
    }
}
