/** Metrics over HTTP, as Prometheus scrapes them. */
@NullMarked
package io.chasqui.server.metrics;

import org.jspecify.annotations.NullMarked;
