package io.chasqui.core.store;

/**
 * A stretch of the log that was durable once and cannot be read any more.
 *
 * @param file path in the data directory
 * @param from position of the first byte that may be lost
 * @param to position where the next intact record stands, or the end of the segment
 */
public record DamagedRange(String file, long from, long to) {}
