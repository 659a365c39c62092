package io.chasqui.server.message;

import io.chasqui.protocol.amqp091.BasicProperties;

/** A message: where it was sent, what is said of it, and its body. */
public record WholeMessage(
        String exchange, String routingKey, BasicProperties properties, byte[] body) {}
