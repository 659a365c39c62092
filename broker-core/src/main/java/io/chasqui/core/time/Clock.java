package io.chasqui.core.time;

/**
 * The two clocks of the broker, handed in so that a test can travel in time.
 *
 * <p>{@link #wallMs()} is what goes to disk and to people; {@link #monotonicNs()} is what intervals
 * are measured with, because the wall clock may jump.
 */
public interface Clock {

    /** Milliseconds since the epoch (UTC). May jump either way. */
    long wallMs();

    /** Nanoseconds since an arbitrary origin. Never goes back. */
    long monotonicNs();
}
