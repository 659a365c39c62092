package io.chasqui.core.boot;

import io.chasqui.core.store.RingMemory;

/**
 * What the two logs of a broker will write to, set aside while other things are prepared.
 *
 * @param durable of the log that is on disk
 * @param transientOnes of the log that only spills there
 */
public record LogMemory(RingMemory durable, RingMemory transientOnes) {

    /** Begins to set it aside; {@link Broker#open} waits for it where it is not ready. */
    public static LogMemory ahead(BrokerOptions options) {
        return new LogMemory(
                RingMemory.of(options.durableRingBytes()).ahead(),
                RingMemory.of(options.transientRingBytes()).ahead());
    }
}
