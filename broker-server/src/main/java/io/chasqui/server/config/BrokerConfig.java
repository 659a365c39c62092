package io.chasqui.server.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The whole configuration, in types; see {@link Settings} for what each part means. */
public record BrokerConfig(
        Path dataDir,
        AmqpListener amqp,
        Optional<TlsListener> amqps,
        HttpListener http,
        HttpListener metrics,
        DefaultUser user,
        String defaultVhost,
        QueueDefaults queues,
        Optional<Path> definitions,
        Limits limits,
        Identity identity,
        Optional<Watermark> memory,
        Store store,
        Log log,
        Optional<Integer> eventLoops,
        String transport,
        long shutdownGraceMs) {

    /** Where AMQP is listened for. */
    public record AmqpListener(List<String> hosts, int port) {}

    /**
     * Where AMQP over TLS is listened for.
     *
     * @param clientCertificates {@code none}, {@code optional} or {@code required}
     * @param authorities who vouches for clients
     */
    public record TlsListener(
            AmqpListener address,
            Path certificate,
            Path key,
            String keyPassword,
            String clientCertificates,
            Optional<Path> authorities,
            String loginFrom,
            long handshakeTimeoutMs,
            long reloadIntervalMs) {

        @Override
        public String toString() {
            return "TlsListener[" + address + ", certificate=" + certificate + "]";
        }
    }

    /** Where HTTP is listened for. */
    public record HttpListener(List<String> hosts, PortChoice port) {}

    /**
     * Who may log in at first, and how passwords are kept.
     *
     * @param anonymous as whom those log in who name nobody
     */
    public record DefaultUser(
            String name,
            String password,
            boolean guestFromLoopbackOnly,
            Optional<String> anonymous,
            int passwordIterations) {

        @Override
        public String toString() {
            return "DefaultUser[name=" + name + ", password=hidden]";
        }
    }

    /** What holds for queues that do not say otherwise. */
    public record QueueDefaults(String defaultType, long consumerTimeoutMs) {}

    /** What clients are held to. */
    public record Limits(
            int frameMax,
            int channelMax,
            int heartbeatSeconds,
            long maxMessageBytes,
            int handshakeTimeoutMs,
            int initialFrameMax,
            Optional<Integer> connections,
            int sessions,
            int links,
            int linkCredit) {}

    /** What the broker says it is; what is empty it decides by itself. */
    public record Identity(
            String product,
            Optional<String> version,
            Optional<String> clusterName,
            Optional<String> nodeName) {}

    /**
     * How much memory may be in use.
     *
     * @param part of what there is, or 0
     * @param bytes a size, if there is no part
     */
    public record Watermark(double part, long bytes) {

        /**
         * A part from 0.0 to 1.0, or a size such as {@code 2GiB}: wider bounds than those of the
         * configuration, for somebody who wants to see the alarm.
         *
         * @throws IllegalArgumentException if it is neither
         */
        public static Watermark parse(String text) {
            if (!text.contains(".")) {
                return new Watermark(0, Kind.bytes(0, 1L << 50).parse(text));
            }
            double part = Double.parseDouble(text);
            if (!(part >= 0 && part <= 1)) {
                throw new IllegalArgumentException(text);
            }
            return new Watermark(part, 0);
        }

        @Override
        public String toString() {
            return part > 0 ? Double.toString(part) : Long.toString(bytes);
        }

        /** The watermark of so much memory, at least a fifth below it if a size was given. */
        public long of(long availableBytes) {
            return part > 0
                    ? (long) (part * availableBytes)
                    : Math.min(bytes, availableBytes / 5 * 4);
        }
    }

    /** How messages are kept; empty where the broker decides. */
    public record Store(
            Optional<Long> ringBytes,
            long segmentBytes,
            Optional<Long> indexBytes,
            Optional<Long> readBytes,
            long checkpointIntervalMs,
            long checkpointLogBytes,
            Optional<Long> diskFreeLimitBytes,
            long compactSlackBytes) {}

    /**
     * What is logged, how, and where to.
     *
     * @param level the least level that is logged
     * @param levels other levels, by logger
     * @param json whether for programs, not for people
     * @param file where to; standard output if empty
     * @param maxFileBytes size at which a new file is begun
     * @param keptFiles how many old ones are kept
     * @param linesPerSecond most lines of any one message, 0 for no limit
     */
    public record Log(
            String level,
            Map<String, String> levels,
            boolean json,
            Optional<Path> file,
            long maxFileBytes,
            int keptFiles,
            int linesPerSecond) {

        /** Text for people on standard output. */
        public static final Log CONSOLE =
                new Log("info", Map.of(), false, Optional.empty(), 0, 0, 0);
    }

    /** What holds if nothing is configured. */
    public static BrokerConfig standard() {
        return of(new ConfigSources());
    }

    static BrokerConfig of(ConfigSources from) {
        return new BrokerConfig(
                from.value(Settings.DATA_DIR),
                new AmqpListener(from.value(Settings.AMQP_HOSTS), from.value(Settings.AMQP_PORT)),
                from.value(TlsSettings.CERTIFICATE).map(certificate -> tls(from, certificate)),
                new HttpListener(from.value(Settings.HTTP_HOSTS), from.value(Settings.HTTP_PORT)),
                new HttpListener(
                        from.value(Settings.METRICS_HOSTS), from.value(Settings.METRICS_PORT)),
                new DefaultUser(
                        from.value(Settings.USER),
                        from.value(Settings.PASSWORD),
                        from.value(Settings.GUEST_FROM_LOOPBACK_ONLY),
                        from.value(Settings.ANONYMOUS_USER),
                        from.value(Settings.PASSWORD_ITERATIONS)),
                from.value(Settings.VHOST),
                new QueueDefaults(
                        from.value(QueueSettings.DEFAULT_TYPE),
                        from.value(QueueSettings.CONSUMER_TIMEOUT)),
                from.value(Settings.DEFINITIONS),
                new Limits(
                        Math.toIntExact(from.value(Settings.FRAME_MAX)),
                        from.value(Settings.CHANNEL_MAX),
                        Math.toIntExact(from.value(Settings.HEARTBEAT) / 1000),
                        from.value(Settings.MAX_MESSAGE_SIZE),
                        Math.toIntExact(from.value(Settings.HANDSHAKE_TIMEOUT)),
                        Math.toIntExact(from.value(Settings.INITIAL_FRAME_MAX)),
                        from.value(Settings.CONNECTIONS),
                        from.value(Settings.SESSIONS),
                        from.value(Settings.LINKS),
                        from.value(Settings.LINK_CREDIT)),
                new Identity(
                        from.value(ServerSettings.PRODUCT),
                        from.value(ServerSettings.VERSION),
                        from.value(ServerSettings.CLUSTER_NAME),
                        from.value(ServerSettings.NODE_NAME)),
                from.value(ServerSettings.HIGH_WATERMARK),
                new Store(
                        from.value(Settings.RING_SIZE),
                        from.value(Settings.SEGMENT_SIZE),
                        from.value(Settings.INDEX_MEMORY),
                        from.value(Settings.READ_MEMORY),
                        from.value(Settings.CHECKPOINT_INTERVAL),
                        from.value(Settings.CHECKPOINT_LOG),
                        from.value(Settings.DISK_FREE_LIMIT),
                        from.value(Settings.COMPACT_SLACK)),
                new Log(
                        from.value(LogSettings.LEVEL),
                        from.value(LogSettings.LEVELS),
                        from.value(LogSettings.FORMAT).equals("json"),
                        from.value(LogSettings.FILE),
                        from.value(LogSettings.MAX_FILE_SIZE),
                        from.value(LogSettings.KEPT_FILES),
                        from.value(LogSettings.RATE_LIMIT)),
                from.value(Settings.EVENT_LOOPS),
                from.value(Settings.TRANSPORT),
                from.value(Settings.SHUTDOWN_GRACE));
    }

    private static TlsListener tls(ConfigSources from, Path certificate) {
        return new TlsListener(
                new AmqpListener(from.value(TlsSettings.HOSTS), from.value(TlsSettings.PORT)),
                certificate,
                from.value(TlsSettings.KEY).orElseThrow(),
                from.value(TlsSettings.KEY_PASSWORD),
                from.value(TlsSettings.CLIENT_CERTIFICATES),
                from.value(TlsSettings.AUTHORITIES),
                from.value(TlsSettings.LOGIN_FROM),
                from.value(TlsSettings.HANDSHAKE_TIMEOUT),
                from.value(TlsSettings.RELOAD_INTERVAL));
    }
}
