package io.chasqui.server.message;

/**
 * A message taken from a queue.
 *
 * @param remaining how many were ready behind it
 */
public record FetchedMessage(WholeMessage message, boolean redelivered, long remaining) {}
