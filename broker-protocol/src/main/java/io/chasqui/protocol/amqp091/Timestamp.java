package io.chasqui.protocol.amqp091;

/**
 * Seconds since 1970 (0-9-1 §4.2.5.4), kept as the 64 bits that arrived: peers send milliseconds and
 * nonsense here, which {@link java.time.Instant} could not hold.
 */
public record Timestamp(long seconds) {}
