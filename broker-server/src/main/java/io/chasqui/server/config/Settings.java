package io.chasqui.server.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every setting there is, in the order of the sample file. */
final class Settings {

    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final long DAY_MS = 24 * 3_600_000L;

    static final Setting<Path> DATA_DIR =
            new Setting<>(
                    "data-dir",
                    Kind.path(),
                    "data",
                    "Directory of messages and definitions; created if absent. One broker at a"
                            + " time.");

    static final Setting<List<String>> AMQP_HOSTS =
            new Setting<>(
                    "listeners.amqp.hosts",
                    Kind.list(),
                    "127.0.0.1, ::1",
                    "Addresses to listen on for AMQP. 0.0.0.0 and :: mean every interface: change"
                            + " the password of the default user before.");

    static final Setting<Integer> AMQP_PORT =
            new Setting<>(
                    "listeners.amqp.port",
                    Kind.number(0, 65_535),
                    "5672",
                    "TCP port for AMQP; 0 lets the system choose one.");

    static final Setting<List<String>> HTTP_HOSTS =
            new Setting<>(
                    "listeners.http.hosts",
                    Kind.list(),
                    "127.0.0.1, ::1",
                    "Addresses to listen on for HTTP: health checks and management.");

    static final Setting<PortChoice> HTTP_PORT =
            new Setting<>(
                    "http.port",
                    Kind.port(15_672),
                    "auto",
                    "TCP port for HTTP; 0 lets the system choose one. auto is 15672, or none, with a"
                            + " warning, if that is taken.");

    static final Setting<List<String>> METRICS_HOSTS =
            new Setting<>(
                    "listeners.metrics.hosts",
                    Kind.list(),
                    "127.0.0.1, ::1",
                    "Addresses to listen on for Prometheus. Whoever reaches them may read every"
                            + " metric, names of queues included, without logging in.");

    static final Setting<PortChoice> METRICS_PORT =
            new Setting<>(
                    "listeners.metrics.port",
                    Kind.port(15_692),
                    "auto",
                    "TCP port for Prometheus; 0 lets the system choose one. auto is 15692, or none,"
                            + " with a warning, if that is taken.");

    static final Setting<String> USER =
            new Setting<>(
                            "default-user.name",
                            Kind.text(),
                            "guest",
                            "The administrator that a new data directory begins with. Changes nothing"
                                    + " later: use chasqui user.")
                    .alsoFrom("CHASQUI_DEFAULT_USER", "RABBITMQ_DEFAULT_USER");

    static final Setting<String> PASSWORD =
            new Setting<>(
                            "default-user.password",
                            Kind.hiddenText(),
                            "guest",
                            "That user's password. Only a hash of it is kept.")
                    .alsoFrom("CHASQUI_DEFAULT_PASS", "RABBITMQ_DEFAULT_PASS");

    static final Setting<Boolean> GUEST_FROM_LOOPBACK_ONLY =
            new Setting<>(
                    "default-user.guest-from-loopback-only",
                    Kind.flag(),
                    "true",
                    "Whether a user named guest may only connect from this machine.");

    static final Setting<Optional<String>> ANONYMOUS_USER =
            new Setting<>(
                    "anonymous-user",
                    Kind.text().orNone(),
                    "none",
                    "The user as whom clients log in that name none (SASL ANONYMOUS), with that user's"
                            + " permissions and without a password. RabbitMQ has guest here.");

    static final Setting<Integer> PASSWORD_ITERATIONS =
            new Setting<>(
                    "password-iterations",
                    Kind.number(1000, 10_000_000),
                    "210000",
                    "Rounds of PBKDF2-HMAC-SHA512 for new password hashes. More makes a stolen hash"
                            + " harder to guess, and logins slower.");

    static final Setting<String> VHOST =
            new Setting<>(
                            "default-vhost",
                            Kind.text(),
                            "/",
                            "The virtual host that a new data directory begins with.")
                    .alsoFrom("RABBITMQ_DEFAULT_VHOST");

    static final Setting<Optional<Path>> DEFINITIONS =
            new Setting<>(
                            "definitions.file",
                            Kind.path().orNone(),
                            "none",
                            "A definitions file in RabbitMQ's format that is imported at every start,"
                                    + " before connections are accepted. RabbitMQ calls it"
                                    + " load_definitions.")
                    .alsoFrom("CHASQUI_LOAD_DEFINITIONS", "RABBITMQ_LOAD_DEFINITIONS");

    static final Setting<Long> FRAME_MAX =
            new Setting<>(
                    "limits.frame-max",
                    Kind.bytes(8 * KIB, 16 * MIB),
                    "131072",
                    "Largest AMQP frame offered to clients, in octets; they may agree on less.");

    static final Setting<Integer> CHANNEL_MAX =
            new Setting<>(
                    "limits.channel-max",
                    Kind.number(1, 65_535),
                    "2047",
                    "Highest channel number offered to clients.");

    static final Setting<Long> HEARTBEAT =
            new Setting<>(
                    "limits.heartbeat",
                    Kind.duration(0, 65_535_000),
                    "60s",
                    "Heartbeat interval offered to clients, in whole seconds; 0s for none. A client"
                            + " silent for two intervals is disconnected.");

    static final Setting<Long> MAX_MESSAGE_SIZE =
            new Setting<>(
                    "limits.max-message-size",
                    Kind.bytes(1, 512 * MIB),
                    "16MiB",
                    "Largest message body; a publish beyond it closes its channel. Bounded by"
                            + " store.segment-size and store.ring-size as well.");

    static final Setting<Long> HANDSHAKE_TIMEOUT =
            new Setting<>(
                    "limits.handshake-timeout",
                    Kind.duration(100, DAY_MS),
                    "10s",
                    "How long a client may take from connecting to connection.open.");

    static final Setting<Long> INITIAL_FRAME_MAX =
            new Setting<>(
                    "limits.initial-frame-max",
                    Kind.bytes(4 * KIB, MIB),
                    "8KiB",
                    "Largest AMQP frame of a client that has not logged in yet.");

    static final Setting<Optional<Integer>> CONNECTIONS =
            new Setting<>(
                    "limits.connections",
                    Kind.number(1, 10_000_000).orNone(),
                    "none",
                    "Connections that may be open at once; further ones are refused with 530 at"
                            + " connection.open. Every connection needs a file descriptor.");

    static final Setting<Integer> SESSIONS =
            new Setting<>(
                    "limits.sessions",
                    Kind.number(1, 65_536),
                    "256",
                    "Sessions that a connection of AMQP 1.0 may have at once: its channel-max, and"
                            + " one more.");

    static final Setting<Integer> LINKS =
            new Setting<>(
                    "limits.links",
                    Kind.number(1, 65_536),
                    "256",
                    "Links that a session of AMQP 1.0 may have at once: its handle-max, and one"
                            + " more.");

    static final Setting<Integer> LINK_CREDIT =
            new Setting<>(
                    "limits.link-credit",
                    Kind.number(2, 65_535),
                    "256",
                    "Messages that a client of AMQP 1.0 may send on a link before the broker allows"
                            + " more.");

    static final Setting<Optional<Long>> RING_SIZE =
            new Setting<>(
                    "store.ring-size",
                    Kind.bytes(16 * MIB, GIB).orAuto(),
                    "auto",
                    "Memory outside the heap for recent messages, once for durable and once for"
                            + " transient ones; brought to a power of two. auto is an eighth of the"
                            + " largest heap, from 16MiB to 128MiB.");

    static final Setting<Long> SEGMENT_SIZE =
            new Setting<>(
                    "store.segment-size",
                    Kind.powerOfTwoBytes(MIB, GIB),
                    "64MiB",
                    "Size of a log file. Fixed when a data directory is created.");

    static final Setting<Optional<Long>> INDEX_MEMORY =
            new Setting<>(
                    "store.index-memory",
                    Kind.bytes(MIB, 64 * GIB).orAuto(),
                    "auto",
                    "Memory outside the heap for the order of queued messages, 16 octets each,"
                            + " before it goes to disk. auto is an eighth of the largest heap, at"
                            + " least 16MiB.");

    static final Setting<Optional<Long>> READ_MEMORY =
            new Setting<>(
                    "store.read-memory",
                    Kind.bytes(MIB, 4 * GIB).orAuto(),
                    "auto",
                    "Memory outside the heap for messages read back from disk. auto is an eighth of"
                            + " the largest heap, from 16MiB to 64MiB.");

    static final Setting<Long> CHECKPOINT_INTERVAL =
            new Setting<>(
                    "store.checkpoint-interval",
                    Kind.duration(100, DAY_MS),
                    "60s",
                    "Longest time from a change to the checkpoint that holds it. Longer means a"
                            + " slower start after a crash, never a loss.");

    static final Setting<Long> CHECKPOINT_LOG =
            new Setting<>(
                    "store.checkpoint-log",
                    Kind.bytes(MIB, 64 * GIB),
                    "256MiB",
                    "Log written since the last checkpoint after which another one is due.");

    static final Setting<Optional<Long>> DISK_FREE_LIMIT =
            new Setting<>(
                    "store.disk-free-limit",
                    Kind.bytes(0, 1024L * GIB).orAuto(),
                    "auto",
                    "Free space of the data volume below which publishers are blocked. auto is the"
                            + " larger of 1GiB and 5 % of the volume.");

    static final Setting<Long> COMPACT_SLACK =
            new Setting<>(
                    "store.compact-slack",
                    Kind.bytes(0, 1024L * GIB),
                    "1GiB",
                    "Log beyond twice the size of the messages in it before it is compacted.");

    static final Setting<Optional<Integer>> EVENT_LOOPS =
            new Setting<>(
                    "event-loops",
                    Kind.number(1, 1024).orAuto(),
                    "auto",
                    "Threads that serve connections and queues. auto is half the processors, at"
                            + " least one.");

    static final Setting<String> TRANSPORT =
            new Setting<>(
                    "transport",
                    Kind.oneOf("auto", "epoll", "nio"),
                    "auto",
                    "How sockets are waited for. auto is epoll where there is one, else nio.");

    static final Setting<Long> SHUTDOWN_GRACE =
            new Setting<>(
                    "shutdown.grace",
                    Kind.duration(0, DAY_MS),
                    "10s",
                    "How long a broker that is told to stop waits until what was published is"
                            + " confirmed. A second SIGTERM or SIGINT ends the wait.");

    private static final List<Setting<?>> GENERAL =
            List.of(
                    DATA_DIR,
                    AMQP_HOSTS,
                    AMQP_PORT,
                    HTTP_HOSTS,
                    HTTP_PORT,
                    METRICS_HOSTS,
                    METRICS_PORT,
                    USER,
                    PASSWORD,
                    GUEST_FROM_LOOPBACK_ONLY,
                    ANONYMOUS_USER,
                    PASSWORD_ITERATIONS,
                    VHOST,
                    DEFINITIONS,
                    FRAME_MAX,
                    CHANNEL_MAX,
                    HEARTBEAT,
                    MAX_MESSAGE_SIZE,
                    HANDSHAKE_TIMEOUT,
                    INITIAL_FRAME_MAX,
                    CONNECTIONS,
                    SESSIONS,
                    LINKS,
                    LINK_CREDIT,
                    RING_SIZE,
                    SEGMENT_SIZE,
                    INDEX_MEMORY,
                    READ_MEMORY,
                    CHECKPOINT_INTERVAL,
                    CHECKPOINT_LOG,
                    DISK_FREE_LIMIT,
                    COMPACT_SLACK,
                    EVENT_LOOPS,
                    TRANSPORT,
                    SHUTDOWN_GRACE);

    static final List<Setting<?>> ALL =
            Stream.of(
                            GENERAL,
                            QueueSettings.ALL,
                            TlsSettings.ALL,
                            ServerSettings.ALL,
                            LogSettings.ALL)
                    .<Setting<?>>flatMap(List::stream)
                    .toList();

    private Settings() {}

    static Optional<Setting<?>> named(String key) {
        return ALL.stream()
                .<Setting<?>>map(setting -> setting)
                .filter(setting -> setting.key().equals(key))
                .findFirst();
    }

    /** Whether there are settings below this key. */
    static boolean isGroup(String key) {
        return ALL.stream().anyMatch(setting -> setting.key().startsWith(key + "."));
    }

    /** The key, or the group of keys, that one that does not exist probably stands for. */
    static Optional<String> nearest(String unknown) {
        String last = unknown.substring(unknown.lastIndexOf('.') + 1);
        Set<String> sameName =
                levels().filter(key -> key.endsWith("." + last)).collect(Collectors.toSet());
        Set<String> all = levels().collect(Collectors.toSet());
        Optional<String> misspelt = Spelling.nearest(unknown, all, Math.max(1, last.length() / 2));
        return misspelt.or(() -> Spelling.nearest(unknown, sameName, Integer.MAX_VALUE));
    }

    /** Every key and every group. */
    private static Stream<String> levels() {
        return ALL.stream()
                .flatMap(setting ->
                        Stream.iterate(
                                setting.key(),
                                level -> !level.isEmpty(),
                                level -> level.substring(0, Math.max(0, level.lastIndexOf('.')))));
    }
}
