package io.chasqui.server.testing;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.impl.DefaultExceptionHandler;
import io.chasqui.core.Alarms;
import io.chasqui.core.boot.Broker;
import io.chasqui.core.definition.UserDefinition;
import io.chasqui.core.store.RealDisk;
import io.chasqui.core.store.StoreException;
import io.chasqui.server.config.ConfigException;
import io.chasqui.server.config.ConfigSources;
import io.chasqui.server.launch.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * A whole broker in this virtual machine: a port of its own, a data directory of its own, a clock
 * that travels.
 */
public final class RunningBroker implements AutoCloseable {

    private final Path directory;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final TravellingClock clock = new TravellingClock();
    private final AtomicReference<StoreException> failure = new AtomicReference<>();
    private final List<Connection> connections = new ArrayList<>();
    private RealDisk disk;
    private Server server;

    private RunningBroker(Map<String, String> settings) throws Exception {
        this.directory = Files.createTempDirectory("chasqui-test");
        this.settings.put("data-dir", directory.toString());
        this.settings.put("listeners.amqp.hosts", "127.0.0.1");
        this.settings.put("listeners.amqp.port", "0");
        this.settings.put("listeners.http.hosts", "127.0.0.1");
        this.settings.put("http.port", "0");
        this.settings.put("listeners.metrics.hosts", "127.0.0.1");
        this.settings.put("listeners.metrics.port", "0");
        this.settings.put("event-loops", "1");
        this.settings.put("store.ring-size", "16MiB");
        this.settings.put("store.segment-size", "8MiB");
        this.settings.put("store.disk-free-limit", "0");
        this.settings.put("password-iterations", "1000");
        this.settings.putAll(settings);
        open();
    }

    public static RunningBroker start() throws Exception {
        return new RunningBroker(Map.of());
    }

    /** With settings as {@code --set} takes them. */
    public static RunningBroker with(Map<String, String> settings) throws Exception {
        return new RunningBroker(settings);
    }

    public static RunningBroker withEventLoops(int count) throws Exception {
        return with(Map.of("event-loops", Integer.toString(count)));
    }

    private void open() throws IOException, ConfigException {
        ConfigSources sources = new ConfigSources();
        settings.forEach((key, value) -> sources.option(key, value, "test"));
        disk = RealDisk.open(directory);
        server = Server.start(sources.build(), "test", disk, clock, new Random(42), failure::set);
    }

    public int port() {
        return server.addresses().getFirst().getPort();
    }

    /** Where HTTP is spoken, with this path. */
    public URI http(String path) {
        return uri(server.httpAddresses().getFirst(), path);
    }

    /** Where Prometheus asks, with this path. */
    public URI metrics(String path) {
        return uri(server.metricsAddresses().getFirst(), path);
    }

    private static URI uri(InetSocketAddress address, String path) {
        return URI.create("http://127.0.0.1:" + address.getPort() + path);
    }

    /** The port for AMQP over TLS. */
    public int tlsPort() {
        return server.tlsAddresses().getFirst().getPort();
    }

    /** Its data directory. */
    public Path directory() {
        return directory;
    }

    public TravellingClock clock() {
        return clock;
    }

    public Broker broker() {
        return server.broker();
    }

    /** Stops cleanly and starts again on the same data directory. */
    public void restart() throws Exception {
        stop();
        open();
    }

    private void stop() throws IOException {
        connections.forEach(Connection::abort);
        connections.clear();
        server.close();
        disk.close();
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
        broker().alarms().setByHand(Alarms.Shortage.DISK, isShort);
    }

    /** How many connections there are. */
    public int connections() {
        return server.connections();
    }

    /** Closes ports and connections and leaves the engine running. */
    public void stopServing() {
        server.stopServing();
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
    public void close() throws IOException {
        stop();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(RunningBroker::delete);
        }
        if (failure.get() != null) {
            throw new AssertionError("the store failed", failure.get());
        }
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
