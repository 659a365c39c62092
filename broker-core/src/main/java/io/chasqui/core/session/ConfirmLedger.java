package io.chasqui.core.session;

import io.chasqui.core.time.Durations;

/**
 * The publishes of one channel in confirm mode that are not confirmed yet: for each, in order, the
 * log position to wait for. Positions of one channel never go down, so that confirming is popping a
 * prefix and the answer is one {@code basic.ack} with {@code multiple}.
 *
 * <p>Queues that may refuse a message because they are full are waited for too; what they refused is
 * answered with {@code basic.nack}. Only channels that meet such queues pay for that.
 */
public final class ConfirmLedger {

    private long[] positions = new long[64];
    private long[] times = new long[64];

    /**
     * For each publish how many queues have yet to say whether they take it, and whether one has
     * refused it; empty as long as no queue was asked.
     */
    private int[] verdicts = {};

    private int head;
    private int size;
    private long confirmed;
    private long highest;
    private boolean refused;

    private static final int REFUSED = 1 << 31;

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
        if (verdicts.length > 0) {
            verdicts[at] = 0;
        }
        size++;
        return confirmed + size;
    }

    /** As {@link #add(long, long)}, for a publish that so many queues have yet to take or refuse. */
    public long add(long position, long nowNs, int answers) {
        long number = add(position, nowNs);
        if (verdicts.length == 0) {
            verdicts = new int[positions.length];
        }
        verdicts[at(number)] = answers;
        return number;
    }

    /** A queue has said whether it takes the publish of that number. */
    public void answered(long number, boolean taken) {
        int at = at(number);
        verdicts[at]--;
        if (!taken) {
            verdicts[at] |= REFUSED;
        }
    }

    private int at(long number) {
        return (int) (head + number - confirmed - 1) & (positions.length - 1);
    }

    /** Whether what the last {@link #confirmBelow} dropped was refused, rather than taken. */
    public boolean refused() {
        return refused;
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
     * Drops leading publishes that are on disk and answered by every queue asked, as far as all of them
     * were taken or all of them refused; returns the number of the last one dropped. To be called
     * again until nothing is dropped.
     *
     * @param latencies takes how long each of them took until {@code nowNs}
     */
    public long confirmBelow(long durable, long nowNs, Durations latencies) {
        int mask = positions.length - 1;
        int verdict = verdicts.length > 0 && size > 0 ? verdicts[head] : 0;
        refused = verdict == REFUSED;
        if (verdict != 0 && !refused) {
            return confirmed;
        }
        while (isDue(durable, verdict)) {
            long came = times[head];
            long together = 0;
            while (isDue(durable, verdict) && times[head] == came) {
                head = (head + 1) & mask;
                size--;
                together++;
            }
            confirmed += together;
            latencies.add(nowNs - came, together);
        }
        return confirmed;
    }

    private boolean isDue(long durable, int verdict) {
        return size > 0
                && positions[head] < durable
                && (verdicts.length == 0 || verdicts[head] == verdict);
    }

    private void grow() {
        positions = inOrder(positions);
        times = inOrder(times);
        if (verdicts.length > 0) {
            int[] larger = new int[verdicts.length * 2];
            int first = verdicts.length - head;
            System.arraycopy(verdicts, head, larger, 0, first);
            System.arraycopy(verdicts, 0, larger, first, head);
            verdicts = larger;
        }
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
