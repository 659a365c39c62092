package io.chasqui.embedded;

import io.chasqui.core.Alarms;
import io.chasqui.core.boot.Broker;
import io.chasqui.core.store.Disk;
import io.chasqui.core.store.RealDisk;
import io.chasqui.core.store.StoreException;
import io.chasqui.server.config.ConfigException;
import io.chasqui.server.config.ConfigSources;
import io.chasqui.server.launch.Server;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A whole broker in this virtual machine, on a port of its own on loopback, with a clock that can
 * be put forward. Clients connect as to any other broker, as {@code guest} with password {@code
 * guest}.
 *
 * <pre>{@code
 * try (EmbeddedBroker broker = EmbeddedBroker.start()) {
 *     connectionFactory.setUri(broker.uri());
 *     ...
 *     broker.advance(Duration.ofHours(1));
 * }
 * }</pre>
 *
 * <p>Unless a directory is asked for, messages are kept in memory, and over {@link #restart} all
 * the same. Methods may be called from any thread, but {@link #restart} and {@link #close} by one
 * at a time.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";

    private final Map<String, String> settings;
    private final Path directory;
    private final @Nullable MemoryDisk memory;
    private final boolean ownsDirectory;
    private final TravellingClock clock = new TravellingClock();
    private final AtomicReference<@Nullable StoreException> failure = new AtomicReference<>();
    private Disk disk;
    private Server server;
    private boolean closed;

    private EmbeddedBroker(Builder asked) throws IOException, ConfigException {
        this.ownsDirectory = asked.directory == null;
        this.directory =
                asked.directory == null
                        ? Files.createTempDirectory("chasqui-embedded")
                        : asked.directory;
        this.memory = asked.inMemory ? new MemoryDisk() : null;
        this.settings = new LinkedHashMap<>(asked.settings);
        this.settings.put("data-dir", directory.toString());
        try {
            this.disk = openDisk();
            this.server = startServer();
        } catch (IOException | ConfigException | RuntimeException e) {
            deleteDirectory();
            throw e;
        }
    }

    /** Starts one as most tests want it: in memory, without HTTP. */
    public static EmbeddedBroker start() {
        return builder().start();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** How the broker shall be. */
    public static final class Builder {

        private final Map<String, String> settings = new LinkedHashMap<>();
        private boolean inMemory = true;
        private @Nullable Path directory;

        private Builder() {
            set("listeners.amqp.hosts", LOOPBACK);
            set("listeners.amqp.port", "0");
            set("listeners.http.hosts", LOOPBACK);
            set("http.port", "off");
            set("listeners.metrics.hosts", LOOPBACK);
            set("listeners.metrics.port", "off");
            set("event-loops", "1");
            set("store.ring-size", "16MiB");
            set("store.segment-size", "8MiB");
            set("store.disk-free-limit", "0");
            set("password-iterations", "1000");
        }

        /** Sets what {@code chasqui broker start --set KEY=VALUE} would; later calls win. */
        public Builder set(String key, String value) {
            settings.put(key, value);
            return this;
        }

        /** Keeps messages on disk, in a directory that is deleted at the end. */
        public Builder inTemporaryDirectory() {
            inMemory = false;
            directory = null;
            return this;
        }

        /** Keeps messages in this directory, which stays. */
        public Builder inDirectory(Path dataDirectory) {
            inMemory = false;
            directory = dataDirectory;
            return this;
        }

        /** Opens the management API and the health checks on a free port. */
        public Builder withHttp() {
            return set("http.port", "0");
        }

        /**
         * Starts the broker; it accepts connections when this returns.
         *
         * @throws IllegalArgumentException if a setting is wrong, saying which
         * @throws UncheckedIOException if a port or the directory cannot be had
         */
        public EmbeddedBroker start() {
            try {
                return new EmbeddedBroker(this);
            } catch (ConfigException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            } catch (IOException e) {
                throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
            }
        }
    }

    private Disk openDisk() throws IOException {
        return memory == null ? RealDisk.open(directory) : memory;
    }

    private Server startServer() throws IOException, ConfigException {
        ConfigSources sources = new ConfigSources();
        settings.forEach((key, value) -> sources.option(key, value, key));
        return Server.start(sources.build(), "embedded", disk, clock, new Random(), failure::set);
    }

    /** The port for AMQP, the same over a restart. */
    public int port() {
        return server.addresses().getFirst().getPort();
    }

    /** Where and as whom to connect: {@code amqp://guest:guest@127.0.0.1:PORT/%2f}. */
    public String uri() {
        return "amqp://guest:guest@" + LOOPBACK + ":" + port() + "/%2f";
    }

    /**
     * Where the management API is.
     *
     * @param path from {@code /} on
     * @throws IllegalStateException without {@link Builder#withHttp}
     */
    public URI http(String path) {
        return server.httpAddresses().stream()
                .findFirst()
                .map(address -> uri(address, path))
                .orElseThrow(() -> new IllegalStateException("started without HTTP"));
    }

    private static URI uri(InetSocketAddress address, String path) {
        return URI.create("http://" + LOOPBACK + ":" + address.getPort() + path);
    }

    public TravellingClock clock() {
        return clock;
    }

    /** Lets time pass at once, see {@link TravellingClock#advance}. */
    public void advance(Duration time) {
        clock.advance(time);
    }

    /** Raises or clears the disk alarm, which stops publishers. */
    public void shortOfDisk(boolean isShort) {
        broker().alarms().setByHand(Alarms.Shortage.DISK, isShort);
    }

    /** Where its files are; only its administration socket if messages are kept in memory. */
    public Path directory() {
        return directory;
    }

    /** Stops in good order and starts again, on the same port, with what is durable. */
    public void restart() {
        int port = port();
        try {
            stop();
            settings.put("listeners.amqp.port", Integer.toString(port));
            disk = openDisk();
            server = startServer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ConfigException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The engine behind the ports. Not a stable interface: it changes as the broker does. */
    public Broker broker() {
        return server.broker();
    }

    /** The ports. Not a stable interface either. */
    public Server server() {
        return server;
    }

    private void stop() throws IOException {
        server.close();
        if (disk instanceof Closeable held) {
            held.close();
        }
    }

    /**
     * Stops the broker and deletes what it kept, unless that is in a directory of the caller's.
     * Does nothing the second time.
     *
     * @throws IllegalStateException if its disk has failed meanwhile
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            stop();
            deleteDirectory();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (failure.get() != null) {
            throw new IllegalStateException("the store failed", failure.get());
        }
    }

    private void deleteDirectory() throws IOException {
        if (!ownsDirectory) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
