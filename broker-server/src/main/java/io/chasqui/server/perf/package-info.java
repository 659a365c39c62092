/**
 * {@code chasqui perf}: a load generator for any broker of AMQP 0-9-1 or 1.0, built to cost less than
 * the broker it measures.
 *
 * <p>It knows nothing of this broker but the codec. A {@link io.chasqui.server.perf.PerfPlan} says
 * what to do, {@link io.chasqui.server.perf.PerfRun} does it with one thread for each {@link
 * io.chasqui.server.perf.Publisher} and {@link io.chasqui.server.perf.Consumer}, and {@link
 * io.chasqui.server.perf.Report} says how it went. What they say on the wire is for an {@link
 * io.chasqui.server.perf.Outlet} and an {@link io.chasqui.server.perf.Inlet} of each protocol. A
 * message is a copy of a template with the time of its sending in the first eight octets of its body;
 * none becomes an object on either side.
 */
@NullMarked
package io.chasqui.server.perf;

import org.jspecify.annotations.NullMarked;
