package io.chasqui.core.shard;

/**
 * A task that a shard runs when a time comes. Armed for one time at once, and again as often as
 * wanted; whoever needs one makes it once. Belongs to its shard's thread.
 */
public final class Timer {

    static final int NOT_ARMED = -1;

    final Runnable task;

    /** When to run, by the monotonic clock. */
    long dueNs;

    /** Where the timer is in its heap. */
    int place = NOT_ARMED;

    public Timer(Runnable task) {
        this.task = task;
    }

    public boolean isArmed() {
        return place != NOT_ARMED;
    }

    /** Whether the timer runs by itself no later than this. */
    public boolean runsBy(long timeNs) {
        return isArmed() && dueNs - timeNs <= 0;
    }
}
