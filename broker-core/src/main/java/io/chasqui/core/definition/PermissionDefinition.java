package io.chasqui.core.definition;

/**
 * What a user may do in a virtual host: a regular expression over names of exchanges and queues for
 * each kind of operation; the empty one allows nothing.
 */
public record PermissionDefinition(String user, String configure, String write, String read) {}
