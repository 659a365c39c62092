package io.chasqui.server.launch;

import io.chasqui.core.MemoryAlarm;
import io.chasqui.core.boot.Broker;
import io.chasqui.core.boot.BrokerOptions;
import io.chasqui.core.boot.LogMemory;
import io.chasqui.core.message.MessageFormats;
import io.chasqui.core.security.Authenticator;
import io.chasqui.core.store.Disk;
import io.chasqui.core.store.StoreException;
import io.chasqui.core.time.Clock;
import io.chasqui.server.admin.AdminRoutes;
import io.chasqui.server.admin.AdminSocket;
import io.chasqui.server.admin.RuntimeSetting;
import io.chasqui.server.amqp091.Amqp091Protocol;
import io.chasqui.server.amqp091.Tuning;
import io.chasqui.server.amqp091.WholeMessages;
import io.chasqui.server.amqp10.Amqp10Protocol;
import io.chasqui.server.amqp10.Amqp10Terms;
import io.chasqui.server.amqp10.SoleConnections;
import io.chasqui.server.config.BrokerConfig;
import io.chasqui.server.definitions.DefinitionsFile;
import io.chasqui.server.http.Router;
import io.chasqui.server.management.Listening;
import io.chasqui.server.management.Management;
import io.chasqui.server.management.Sampler;
import io.chasqui.server.net.ConnectionLimit;
import io.chasqui.server.net.EventLoops;
import io.chasqui.server.net.Listeners;
import io.chasqui.server.net.Logins;
import io.chasqui.server.net.NettyShardLoop;
import io.chasqui.server.net.Patience;
import io.chasqui.server.net.Protocol;
import io.chasqui.server.net.ShardConnections;
import io.chasqui.server.net.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker with its ports: everything is wired here, by hand. Reads no clock, dice or disk but
 * those it is handed.
 */
public final class Server implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    /** How long clients may take to answer connection.close when the broker stops. */
    private static final long CLOSE_TIMEOUT_MS = 3_000;

    private static final long MEMORY_CHECK_MS = 250;

    private final EventLoops loops;
    private final Broker broker;
    private final Authenticator authenticator;
    private final Listeners listeners;
    private final Probes probes;
    private final Upkeep upkeep = new Upkeep();
    private final List<InetSocketAddress> addresses = new ArrayList<>();
    private final List<InetSocketAddress> tlsAddresses = new ArrayList<>();
    private Optional<Tls> tls = Optional.empty();

    private Server(
            EventLoops loops,
            Broker broker,
            Authenticator authenticator,
            Listeners listeners,
            Probes probes) {
        this.loops = loops;
        this.broker = broker;
        this.authenticator = authenticator;
        this.listeners = listeners;
        this.probes = probes;
    }

    /**
     * Opens the data directory, recovers, and accepts connections.
     *
     * @param version the broker's version, as clients are told
     * @param random used by all threads at once
     * @param onFailure told, once, that the disk failed: the process should end
     * @throws StoreException if the data directory cannot be used, saying why
     * @throws IOException if an address cannot be listened on, saying why
     */
    public static Server start(
            BrokerConfig config,
            String version,
            Disk disk,
            Clock clock,
            RandomGenerator random,
            Consumer<StoreException> onFailure)
            throws IOException {
        int count =
                config.eventLoops()
                        .orElse(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
        BrokerOptions options = EngineOptions.of(config, Runtime.getRuntime().maxMemory());
        LogMemory memory = LogMemory.ahead(options);
        // Before recovery, which may take long: whoever asks meanwhile is told so.
        Probes probes = Probes.start(config);
        EventLoops loops = new EventLoops(count, config.transport(), clock);
        Broker broker;
        try {
            broker =
                    Broker.open(
                            options,
                            memory,
                            disk,
                            clock,
                            new MessageFormats(
                                    List.of(Amqp091Protocol.format(), Amqp10Protocol.format())),
                            loops.loops(),
                            random,
                            failure -> {
                                probes.health().failed(String.valueOf(failure.getMessage()));
                                onFailure.accept(failure);
                            });
        } catch (RuntimeException e) {
            probes.close();
            loops.close();
            throw e;
        }
        try {
            if (config.definitions().isPresent()) {
                DefinitionsFile.load(config.definitions().get(), broker);
            }
        } catch (IOException e) {
            broker.close();
            probes.close();
            loops.close();
            throw e;
        }
        Authenticator authenticator = authenticator(config, broker, clock, random);
        Logins logins = new Logins(authenticator, NodeName.certificateLogin(config));
        ConnectionLimit connections = new ConnectionLimit(config.limits().connections());
        Amqp091Protocol amqp091 = amqp091(config, version, broker, logins, connections, random);
        Amqp10Protocol amqp10 = amqp10(config, version, broker, logins, connections);
        Server server =
                new Server(
                        loops,
                        broker,
                        authenticator,
                        listeners(config, loops, broker, List.of(amqp091, amqp10), clock),
                        probes);
        Optional<MemoryAlarm> alarm;
        try {
            server.listen(config);
            // What follows takes its time, and clients may knock meanwhile.
            alarm = config.memory().map(watermark -> server.watchMemory(watermark, clock));
            broker.found();
            server.administer(config, version, amqp091, alarm, clock);
        } catch (IOException | StoreException e) {
            server.close();
            throw e;
        }
        probes.serving(
                broker,
                NodeName.node(config, version),
                server.management(config, version, alarm, clock));
        return server;
    }

    /** What is offered on the HTTP port, if there is one. */
    private Router management(
            BrokerConfig config, String version, Optional<MemoryAlarm> memory, Clock clock) {
        Router router = new Router();
        if (probes.httpAddresses().isEmpty()) {
            return router;
        }
        Sampler sampler =
                Management.mount(
                        router,
                        broker,
                        authenticator,
                        clock,
                        NodeName.facts(config, version),
                        MemoryInUse.gauges(memory, this::listening, this::certificateExpires),
                        new WholeMessages(config.limits().maxMessageBytes(), broker.store()));
        upkeep.every(Sampler.INTERVAL_MS, sampler::tick);
        return router;
    }

    private List<Listening> listening() {
        return Stream.of(
                        Listening.at(addresses(), "amqp", false),
                        Listening.at(tlsAddresses(), "amqp/ssl", true),
                        Listening.at(httpAddresses(), "http", false),
                        Listening.at(metricsAddresses(), "http/prometheus", false))
                .flatMap(List::stream)
                .toList();
    }

    private Optional<Instant> certificateExpires() throws IOException {
        return tls.isPresent() ? Optional.of(tls.get().expires()) : Optional.empty();
    }

    /** Where the path is too long for a socket, the broker does without it and says so. */
    private void administer(
            BrokerConfig config,
            String version,
            Amqp091Protocol amqp091,
            Optional<MemoryAlarm> memory,
            Clock clock) {
        List<RuntimeSetting> adjustable = new ArrayList<>();
        adjustable.add(Adjustable.channelMax(amqp091));
        adjustable.add(Adjustable.loopbackUsers(authenticator));
        Adjustable.watermark(config.memory(), memory, clock).ifPresent(adjustable::add);
        Router router = new Router();
        AdminRoutes.mount(router, broker, version, adjustable);
        Management.administer(router, broker, version);
        try {
            probes.ports().serve(AdminSocket.preparedIn(config.dataDir()), router);
        } catch (IOException e) {
            LOG.warn("no administration socket: {}", e.getMessage());
        }
    }

    /** Hashes passwords on half the processors at most, so that messages go on meanwhile. */
    private static Authenticator authenticator(
            BrokerConfig config, Broker broker, Clock clock, RandomGenerator random) {
        return new Authenticator(
                broker.accounts(),
                broker.passwords(),
                broker::awaitFounding,
                config.user().anonymous(),
                config.user().guestFromLoopbackOnly(),
                config.limits().handshakeTimeoutMs(),
                clock,
                random,
                Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }

    private static Amqp091Protocol amqp091(
            BrokerConfig config,
            String version,
            Broker broker,
            Logins logins,
            ConnectionLimit connections,
            RandomGenerator random) {
        BrokerConfig.Limits limits = config.limits();
        return new Amqp091Protocol(
                broker,
                logins,
                NodeName.identity(config.identity(), version),
                new Tuning(limits.channelMax(), limits.frameMax(), limits.heartbeatSeconds()),
                limits.maxMessageBytes(),
                limits.handshakeTimeoutMs(),
                limits.initialFrameMax(),
                connections,
                random);
    }

    private static Amqp10Protocol amqp10(
            BrokerConfig config,
            String version,
            Broker broker,
            Logins logins,
            ConnectionLimit connections) {
        BrokerConfig.Limits limits = config.limits();
        return new Amqp10Protocol(
                new Amqp10Terms(
                        broker,
                        logins,
                        NodeName.identity(config.identity(), version),
                        limits.frameMax(),
                        limits.initialFrameMax(),
                        limits.heartbeatSeconds(),
                        limits.maxMessageBytes(),
                        limits.handshakeTimeoutMs(),
                        new Amqp10Terms.Limits(
                                limits.sessions(), limits.links(), limits.linkCredit()),
                        connections,
                        new SoleConnections()));
    }

    private static Listeners listeners(
            BrokerConfig config,
            EventLoops loops,
            Broker broker,
            List<Protocol> protocols,
            Clock clock) {
        List<ShardConnections> shards = new ArrayList<>();
        for (NettyShardLoop loop : loops.loops()) {
            shards.add(
                    new ShardConnections(
                            broker.shard(shards.size()),
                            loop,
                            clock,
                            config.log().linesPerSecond()));
        }
        return new Listeners(
                loops, shards, protocols, config.limits().handshakeTimeoutMs(), broker.alarms());
    }

    private MemoryAlarm watchMemory(BrokerConfig.Watermark watermark, Clock clock) {
        MemoryAlarm alarm = MemoryInUse.alarm(watermark, broker.alarms());
        upkeep.every(MEMORY_CHECK_MS, () -> alarm.check(clock.monotonicNs()));
        return alarm;
    }

    private void listen(BrokerConfig config) throws IOException {
        if (config.amqps().isPresent()) {
            BrokerConfig.TlsListener amqps = config.amqps().get();
            Tls encryption = TlsFiles.open(amqps);
            tls = Optional.of(encryption);
            listen(amqps.address(), tls, "listeners.amqps.port", tlsAddresses);
            upkeep.every(amqps.reloadIntervalMs(), encryption::refresh);
        }
        listen(config.amqp(), Optional.empty(), "listeners.amqp.port", addresses);
    }

    private void listen(
            BrokerConfig.AmqpListener on,
            Optional<Tls> encryption,
            String portSetting,
            List<InetSocketAddress> bound)
            throws IOException {
        for (String host : on.hosts()) {
            InetAddress address;
            try {
                address = InetAddress.getByName(host);
            } catch (UnknownHostException e) {
                throw new IOException("cannot listen on " + host + ": there is no such host", e);
            }
            if (!address.isAnyLocalAddress()
                    && NetworkInterface.getByInetAddress(address) == null) {
                LOG.warn("not listening on {}: this machine has no such address", host);
            } else {
                bound.add(
                        listeners.listen(
                                new InetSocketAddress(address, on.port()),
                                encryption,
                                portSetting));
            }
        }
        if (bound.isEmpty()) {
            throw new IOException("there is no address to listen on for " + portSetting);
        }
    }

    /** Where connections are accepted, with the ports that the system chose. */
    public List<InetSocketAddress> addresses() {
        return List.copyOf(addresses);
    }

    /** Where connections over TLS are accepted; nowhere without a certificate. */
    public List<InetSocketAddress> tlsAddresses() {
        return List.copyOf(tlsAddresses);
    }

    /** Where HTTP is spoken; nowhere if the port is off or taken. */
    public List<InetSocketAddress> httpAddresses() {
        return probes.httpAddresses();
    }

    /** Where Prometheus may ask; nowhere if the port is off or taken. */
    public List<InetSocketAddress> metricsAddresses() {
        return probes.metricsAddresses();
    }

    public Broker broker() {
        return broker;
    }

    /** How many connections there are. */
    public int connections() {
        return listeners.connections();
    }

    /** Stops accepting and closes the connections at once, telling clients why. */
    public void stopServing() {
        probes.health().stopping();
        listeners.close(Patience.of(CLOSE_TIMEOUT_MS));
    }

    /**
     * Stops in good order: accepts no connection and no publish any more, confirms what was
     * published, closes the connections, telling clients why, and brings everything to disk.
     *
     * @param patience how long clients may be waited for
     */
    public void stop(Patience patience) {
        probes.health().stopping();
        boolean confirms = broker.store().durableLog().failure() == null;
        if (confirms && !listeners.drain(patience)) {
            LOG.warn("stopping although clients still wait for answers");
        }
        listeners.close(patience.atMost(CLOSE_TIMEOUT_MS));
        upkeep.close();
        tls.ifPresent(Tls::close);
        authenticator.close();
        broker.close();
        loops.close();
        probes.close();
    }

    @Override
    public void close() {
        stop(Patience.of(CLOSE_TIMEOUT_MS));
    }
}
