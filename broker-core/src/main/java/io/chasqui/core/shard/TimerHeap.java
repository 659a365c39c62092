package io.chasqui.core.shard;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Armed timers, the next one first: a binary heap in which every timer knows its place, so that
 * arming and disarming cost O(log n) and make no object. Times are compared by their difference, as
 * the monotonic clock demands.
 */
final class TimerHeap {

    private static final int INITIAL_SIZE = 16;

    private @Nullable Timer[] heap = new Timer[0];
    private int size;

    int size() {
        return size;
    }

    /** The timer that is due first; null if none is armed. */
    @Nullable Timer first() {
        return size == 0 ? null : heap[0];
    }

    /** Arms the timer, or moves it to another time. */
    void arm(Timer timer, long dueNs) {
        int at = timer.place;
        if (at == Timer.NOT_ARMED) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, Math.max(INITIAL_SIZE, size * 2));
            }
            at = size++;
        }
        timer.dueNs = dueNs;
        up(at, timer);
        down(timer.place, timer);
    }

    /** Takes the timer out; does nothing if it is not armed. */
    void disarm(Timer timer) {
        int at = timer.place;
        if (at == Timer.NOT_ARMED) {
            return;
        }
        timer.place = Timer.NOT_ARMED;
        Timer last = heap[--size];
        heap[size] = null;
        if (last != null && last != timer) {
            up(at, last);
            down(last.place, last);
        }
    }

    private void up(int from, Timer timer) {
        int at = from;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            Timer above = heap[parent];
            if (above == null || above.dueNs - timer.dueNs <= 0) {
                break;
            }
            put(at, above);
            at = parent;
        }
        put(at, timer);
    }

    private void down(int from, Timer timer) {
        int at = from;
        for (int child = 2 * at + 1; child < size; child = 2 * at + 1) {
            Timer below = heap[child];
            Timer other = child + 1 < size ? heap[child + 1] : null;
            if (below != null && other != null && other.dueNs - below.dueNs < 0) {
                below = other;
                child++;
            }
            if (below == null || timer.dueNs - below.dueNs <= 0) {
                break;
            }
            put(at, below);
            at = child;
        }
        put(at, timer);
    }

    private void put(int at, Timer timer) {
        heap[at] = timer;
        timer.place = at;
    }
}
