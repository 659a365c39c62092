package io.chasqui.core.vhost;

/**
 * The answer to something that was put in place.
 *
 * @param created false if it took the place of another one
 * @param position the log position that must be durable before anybody is told
 */
public record Changed(boolean created, long position) {}
