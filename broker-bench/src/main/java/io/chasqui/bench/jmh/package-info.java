/**
 * Micro benchmarks of the per-message path, one class for each room it passes through.
 *
 * <p>An operation is one message throughout, so that the figures can be added up, and {@code -prof
 * gc} shows octets allocated for a message: none, except where a class says otherwise.
 */
@NullMarked
package io.chasqui.bench.jmh;

import org.jspecify.annotations.NullMarked;
