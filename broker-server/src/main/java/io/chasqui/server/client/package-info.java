/**
 * A client of any AMQP 0-9-1 broker, on the codec of {@code broker-protocol}, and the commands
 * {@code chasqui publish} and {@code chasqui consume}.
 *
 * <p>{@link io.chasqui.server.client.ClientConnection} is one connection with one channel, used by
 * one thread. It knows nothing of the broker in this program, and the broker nothing of it.
 */
@NullMarked
package io.chasqui.server.client;

import org.jspecify.annotations.NullMarked;
