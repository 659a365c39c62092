/**
 * What the broker itself has to say, in messages: its events, for whoever binds a queue to RabbitMQ's
 * event exchange, and the means for the firehose. While nobody listens nothing is made.
 */
@NullMarked
package io.chasqui.core.event;

import org.jspecify.annotations.NullMarked;
