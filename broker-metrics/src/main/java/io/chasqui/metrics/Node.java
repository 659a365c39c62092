package io.chasqui.metrics;

/**
 * Which broker this is.
 *
 * @param name {@code chasqui@} and the machine's name
 * @param cluster what it belongs to; a broker alone is a cluster of its own
 */
public record Node(String name, String cluster, String version) {}
