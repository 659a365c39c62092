package io.chasqui.server.launch;

import io.chasqui.metrics.Node;
import io.chasqui.server.amqp091.ServerIdentity;
import io.chasqui.server.config.BrokerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the broker is called where several are looked at together. */
final class NodeName {

    /** Asked for instead of the network's idea of the name, which may take seconds to be found. */
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private NodeName() {}

    static Node node(BrokerConfig.Identity identity, String version) {
        return new Node(own(), clusterName(identity), version);
    }

    /** What clients are told of us. */
    static ServerIdentity identity(BrokerConfig.Identity configured, String version) {
        return new ServerIdentity(
                configured.product(),
                configured.version().orElse(version),
                clusterName(configured));
    }

    private static String clusterName(BrokerConfig.Identity identity) {
        return identity.clusterName().orElseGet(NodeName::own);
    }

    private static String own() {
        return "chasqui@" + host();
    }

    private static String host() {
        try {
            return Files.readString(HOST_NAME).strip();
        } catch (IOException _) {
            return "localhost";
        }
    }
}
