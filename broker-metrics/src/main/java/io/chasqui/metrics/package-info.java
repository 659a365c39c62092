/** Publishes the core's counters. The only package that knows a metrics library. */
@NullMarked
package io.chasqui.metrics;

import org.jspecify.annotations.NullMarked;
