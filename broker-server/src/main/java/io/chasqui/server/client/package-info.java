/**
 * Clients of any broker of AMQP 0-9-1 or 1.0, on the codec of {@code broker-protocol}, and the
 * commands {@code chasqui publish} and {@code chasqui consume}.
 *
 * <p>{@link io.chasqui.server.client.ClientConnection} is one connection with one channel, {@link
 * io.chasqui.server.client.Amqp10ClientConnection} one with one session, each used by one thread. They
 * know nothing of the broker in this program, and the broker nothing of them.
 */
@NullMarked
package io.chasqui.server.client;

import org.jspecify.annotations.NullMarked;
