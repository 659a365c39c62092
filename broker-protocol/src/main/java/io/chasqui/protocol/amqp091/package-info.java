/**
 * AMQP 0-9-1 on the wire: bytes into values and back, and nothing else.
 *
 * <p>Start at {@link io.chasqui.protocol.amqp091.Method}, the sealed family of everything a peer can
 * say. {@link io.chasqui.protocol.amqp091.FrameCursor} finds frames in received bytes, {@link
 * io.chasqui.protocol.amqp091.MethodReader} and {@link io.chasqui.protocol.amqp091.FrameWriter}
 * turn methods into values and back. The readers named after one method ({@link
 * io.chasqui.protocol.amqp091.PublishReader}, {@link io.chasqui.protocol.amqp091.AckReader} …) and
 * {@link io.chasqui.protocol.amqp091.ContentHeader} read in place, without creating an object: they
 * are the per-message path.
 *
 * <p>Three rules hold throughout. Peer input fails only with {@link
 * io.chasqui.protocol.amqp091.ProtocolException}. Memory is never taken because a length field says
 * so; only octets that arrived count. Every reader works in time linear in its input.
 *
 * <p>Section numbers cite "AMQP Advanced Message Queuing Protocol Specification, version 0-9-1";
 * "errata" is RabbitMQ's published list of the types and methods used in practice. All buffers are
 * big endian.
 */
@NullMarked
package io.chasqui.protocol.amqp091;

import org.jspecify.annotations.NullMarked;
