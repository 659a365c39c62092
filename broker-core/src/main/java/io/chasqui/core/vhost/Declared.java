package io.chasqui.core.vhost;

import io.chasqui.core.queue.Queue;

/**
 * The answer to queue.declare.
 *
 * @param created false if the queue was there
 * @param position the log position that must be durable before the client hears of it, 0 if none
 */
public record Declared(Queue queue, boolean created, long position) {}
