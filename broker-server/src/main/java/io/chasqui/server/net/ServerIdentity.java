package io.chasqui.server.net;

/**
 * What the broker says it is.
 *
 * @param version of this program, unless configured otherwise
 * @param rabbitmqVersion the release of RabbitMQ whose behaviour is offered, by which its clients of
 *     AMQP 1.0 choose what they ask for
 * @param clusterName what RabbitMQ's programs show as the broker's name
 * @param nodeName of this one broker
 */
public record ServerIdentity(
        String product,
        String version,
        String rabbitmqVersion,
        String clusterName,
        String nodeName) {}
