package io.chasqui.bench.crash;

/**
 * A consumer, the same one over all lives.
 *
 * @param alone whether its queue has no other consumer
 */
record ConsumerId(String queue, int number, boolean alone) {}
