/**
 * AMQP 0-9-1 as a front end: octets become calls on a session, and what the session says becomes
 * octets. It translates and decides nothing: every rule of the broker is behind {@link
 * io.chasqui.core.session.Session}.
 *
 * <p>Start at {@link io.chasqui.server.amqp091.Connection}, which owns a socket's octets; {@link
 * io.chasqui.server.amqp091.AmqpChannel} is the table of what every method does.
 */
@NullMarked
package io.chasqui.server.amqp091;

import org.jspecify.annotations.NullMarked;
