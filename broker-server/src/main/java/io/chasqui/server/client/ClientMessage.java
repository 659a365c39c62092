package io.chasqui.server.client;

import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.BasicProperties;

/**
 * A message as it came in whole.
 *
 * @param method the basic.deliver or basic.return that announced it
 */
record ClientMessage(BasicMethod method, BasicProperties properties, byte[] body) {}
