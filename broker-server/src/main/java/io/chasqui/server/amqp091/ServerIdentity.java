package io.chasqui.server.amqp091;

/**
 * What the broker says it is, in connection.start.
 *
 * @param clusterName what RabbitMQ's programs show as the broker's name
 */
public record ServerIdentity(String product, String version, String clusterName) {}
