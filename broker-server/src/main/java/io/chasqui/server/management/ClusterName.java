package io.chasqui.server.management;

import io.chasqui.core.admin.GlobalParameterRules;
import io.chasqui.core.boot.Broker;
import io.chasqui.core.definition.ParameterDefinition;
import io.chasqui.core.vhost.Changed;

/**
 * The cluster's name: the global parameter {@code cluster_name}, as RabbitMQ keeps it, or what the
 * configuration says.
 */
final class ClusterName {

    private static final String PARAMETER = "cluster_name";

    private final Broker broker;
    private final NodeFacts node;

    ClusterName(Broker broker, NodeFacts node) {
        this.broker = broker;
        this.node = node;
    }

    private GlobalParameterRules parameters() {
        return broker.administration().globalParameters();
    }

    String get() {
        ParameterDefinition named = parameters().find(PARAMETER);
        return named != null && named.value() instanceof String name ? name : node.clusterName();
    }

    /** Keeps another one. */
    void set(String name) throws Exception {
        Changed changed = parameters().set(PARAMETER, name);
        Changes.await(broker, changed.position());
    }
}
