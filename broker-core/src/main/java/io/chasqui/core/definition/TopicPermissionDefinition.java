package io.chasqui.core.definition;

/**
 * Under which routing keys a user may publish to a topic exchange, and bind from it: regular
 * expressions, in which {@code {username}} and {@code {vhost}} stand for the user's and the virtual
 * host's name. A user without one for an exchange may use every key there.
 */
public record TopicPermissionDefinition(String user, String exchange, String write, String read) {}
