package io.chasqui.core.session;

/** What queue.declare-ok tells of a queue: its name, ready messages and consumers. */
public record QueueStatus(String name, long ready, int consumers) {}
