/** Queues: the rules of order, delivery and settlement, and the off-heap index behind them. */
@NullMarked
package io.chasqui.core.queue;

import org.jspecify.annotations.NullMarked;
