package io.chasqui.server.management;

/**
 * What this broker is called, and what it says it is.
 *
 * @param name the node's: {@code chasqui@host}
 * @param product as clients are told
 * @param productVersion this program's
 * @param rabbitmqVersion of the RabbitMQ whose interface this is; tools decide by it what to ask
 * @param isAnonymousOffered whether clients may log in without a name
 * @param isExternalOffered whether clients may log in by a certificate
 */
public record NodeFacts(
        String name,
        String clusterName,
        String product,
        String productVersion,
        String rabbitmqVersion,
        boolean isAnonymousOffered,
        boolean isExternalOffered) {}
