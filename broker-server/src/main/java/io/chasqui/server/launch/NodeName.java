package io.chasqui.server.launch;

import io.chasqui.metrics.Node;
import io.chasqui.server.config.BrokerConfig;
import io.chasqui.server.management.NodeFacts;
import io.chasqui.server.net.CertificateLogin;
import io.chasqui.server.net.ServerIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the broker is called where several are looked at together. */
final class NodeName {

    /** Asked for instead of the network's idea of the name, which may take seconds to be found. */
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    /** The release whose interfaces ours are held against. */
    private static final String RABBITMQ = "4.3.6";

    private NodeName() {}

    static Node node(BrokerConfig config, String version) {
        return new Node(
                of(config.identity()),
                clusterName(config.identity()),
                version,
                MemoryInUse.limitBytes(config.memory()));
    }

    /** What the management interface tells of us. */
    static NodeFacts facts(BrokerConfig config, String version) {
        BrokerConfig.Identity identity = config.identity();
        return new NodeFacts(
                of(identity),
                clusterName(identity),
                identity.product(),
                version,
                identity.version().orElse(RABBITMQ),
                config.user().anonymous().isPresent(),
                certificateLogin(config) != CertificateLogin.NONE);
    }

    /** Whom a client's certificate stands for. */
    static CertificateLogin certificateLogin(BrokerConfig config) {
        return config.amqps()
                .map(amqps -> CertificateLogin.of(amqps.loginFrom()))
                .orElse(CertificateLogin.NONE);
    }

    /** What clients are told of us. */
    static ServerIdentity identity(BrokerConfig.Identity configured, String version) {
        return new ServerIdentity(
                configured.product(),
                configured.version().orElse(version),
                configured.version().orElse(RABBITMQ),
                clusterName(configured),
                of(configured));
    }

    private static String clusterName(BrokerConfig.Identity identity) {
        return identity.clusterName().orElseGet(NodeName::own);
    }

    /** The name of this node: {@code chasqui@host} if it is given none. */
    static String of(BrokerConfig.Identity identity) {
        return identity.nodeName().orElseGet(NodeName::own);
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
