package io.chasqui.server.net;

/**
 * What the broker says it is.
 *
 * @param clusterName what RabbitMQ's programs show as the broker's name
 */
public record ServerIdentity(String product, String version, String clusterName) {}
