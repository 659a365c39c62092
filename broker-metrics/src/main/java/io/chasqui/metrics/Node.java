package io.chasqui.metrics;

/**
 * Which broker this is.
 *
 * @param name {@code chasqui@} and the machine's name
 * @param cluster what it belongs to; a broker alone is a cluster of its own
 * @param memoryLimitBytes memory in use, in and outside the heap, above which publishers are blocked
 */
public record Node(String name, String cluster, String version, long memoryLimitBytes) {}
