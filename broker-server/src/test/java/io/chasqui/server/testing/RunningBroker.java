package io.chasqui.server.testing;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.impl.DefaultExceptionHandler;
import io.chasqui.core.boot.Broker;
import io.chasqui.core.definition.UserDefinition;
import io.chasqui.embedded.EmbeddedBroker;
import io.chasqui.embedded.TravellingClock;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An {@link EmbeddedBroker} on a disk, with all its ports, and clients for it. */
public final class RunningBroker implements AutoCloseable {

    private final List<Connection> connections = new ArrayList<>();
    private final EmbeddedBroker broker;

    private RunningBroker(Map<String, String> settings) {
        EmbeddedBroker.Builder builder =
                EmbeddedBroker.builder()
                        .inTemporaryDirectory()
                        .withHttp()
                        .set("listeners.metrics.port", "0");
        settings.forEach(builder::set);
        this.broker = builder.start();
    }

    public static RunningBroker start() {
        return new RunningBroker(Map.of());
    }

    /** With settings as {@code --set} takes them. */
    public static RunningBroker with(Map<String, String> settings) {
        return new RunningBroker(settings);
    }

    public static RunningBroker withEventLoops(int count) {
        return with(Map.of("event-loops", Integer.toString(count)));
    }

    public int port() {
        return broker.port();
    }

    /** Where HTTP is spoken, with this path. */
    public URI http(String path) {
        return broker.http(path);
    }

    /** Where Prometheus asks, with this path. */
    public URI metrics(String path) {
        int port = broker.server().metricsAddresses().getFirst().getPort();
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** The port for AMQP over TLS. */
    public int tlsPort() {
        return broker.server().tlsAddresses().getFirst().getPort();
    }

    /** Its data directory. */
    public Path directory() {
        return broker.directory();
    }

    public TravellingClock clock() {
        return broker.clock();
    }

    public Broker broker() {
        return broker.broker();
    }

    /** Stops cleanly and starts again on the same data directory. */
    public void restart() {
        dropConnections();
        broker.restart();
    }

    private void dropConnections() {
        connections.forEach(Connection::abort);
        connections.clear();
    }

    public ConnectionFactory factory() {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(port());
        factory.setAutomaticRecoveryEnabled(false);
        factory.setExceptionHandler(new DefaultExceptionHandler());
        return factory;
    }

    /** A connection of RabbitMQ's client, aborted when this is closed. */
    public Connection connect() throws Exception {
        return connect(factory());
    }

    public Connection connect(ConnectionFactory factory) throws Exception {
        Connection connection = factory.newConnection();
        connections.add(connection);
        return connection;
    }

    /** Adds a user without permissions. */
    public void addUser(String name, String password) {
        broker().administration()
                .putUser(new UserDefinition(name, broker().passwords().hash(password), List.of()));
    }

    /** Raises or clears the disk alarm. */
    public void shortOfDisk(boolean isShort) {
        broker.shortOfDisk(isShort);
    }

    /** How many connections there are. */
    public int connections() {
        return broker.server().connections();
    }

    /** Closes ports and connections and leaves the engine running. */
    public void stopServing() {
        broker.server().stopServing();
    }

    /** A peer on the TLS port that knows nothing of TLS. */
    public ScriptedPeer plainPeerOnTlsPort() throws IOException {
        return ScriptedPeer.connect(tlsPort());
    }

    /** A peer that speaks in frames. */
    public ScriptedPeer peer() throws IOException {
        return ScriptedPeer.connect(port());
    }

    @Override
    public void close() {
        dropConnections();
        broker.close();
    }
}
