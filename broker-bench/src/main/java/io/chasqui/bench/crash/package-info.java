/**
 * The crash test: a broker is killed again and again under load, and a ledger says whether it kept
 * its word.
 *
 * <p>Start at {@link io.chasqui.bench.crash.Ledger}, which knows what a broker has promised and is
 * told everything that publishers and consumers see; it knows no network. {@link
 * io.chasqui.bench.crash.CrashTest} kills and restarts, {@link
 * io.chasqui.bench.crash.LoadPublisher} and {@link io.chasqui.bench.crash.LoadConsumer} are the
 * load.
 *
 * <p>A <em>life</em> is the time from one start of the broker to its kill; lives are counted from
 * 1.
 */
@NullMarked
package io.chasqui.bench.crash;

import org.jspecify.annotations.NullMarked;
