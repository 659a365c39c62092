package io.chasqui.bench.jmh;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.BindingDefinition;
import io.chasqui.core.definition.DestinationKind;
import io.chasqui.core.definition.ExchangeDefinition;
import io.chasqui.core.definition.ExchangeType;
import io.chasqui.core.definition.QueueDefinition;
import io.chasqui.core.exchange.Destination;
import io.chasqui.core.exchange.Exchange;
import io.chasqui.core.exchange.Route;
import io.chasqui.core.exchange.RouteCache;
import io.chasqui.core.exchange.RouteSearch;
import io.chasqui.core.exchange.RoutedMessage;
import io.chasqui.core.message.HeaderCursor;
import io.chasqui.core.message.MessageProperty;
import io.chasqui.core.queue.PagePool;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.queue.QueueIndex;
import io.chasqui.core.queue.QueueSettings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Finds the queues of a message: through a channel's cache, which is the usual case, and anew,
 * which makes a {@link Route} and so allocates.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"})
public class RoutingBenchmark {

    private static final int BINDINGS = 1000;
    private static final long VERSION = 1;
    private static final String KEY = "eu.station.500.temperature";

    /** The key of so many publishers takes turns in one channel; fewer than the cache has slots. */
    private static final int KEYS_IN_TURN = 8;

    private record KeyOnly(String routingKey) implements RoutedMessage {

        @Override
        public List<String> routingKeys() {
            return List.of(routingKey);
        }

        @Override
        public HeaderCursor headers() {
            return HeaderCursor.NONE;
        }

        @Override
        public @Nullable String property(MessageProperty property) {
            return null;
        }
    }

    private final RoutedMessage message = new KeyOnly(KEY);
    private final RouteCache cache = new RouteCache();
    private final ByteBuffer[] names = new ByteBuffer[KEYS_IN_TURN];
    private final Exchange direct = exchange(ExchangeType.DIRECT);
    private final Exchange topic = exchange(ExchangeType.TOPIC);
    private int turn;

    @Setup
    public void bind() {
        for (int i = 0; i < BINDINGS; i++) {
            Queue queue = queue(i);
            bind(direct, queue, "eu.station." + i + ".temperature");
            bind(topic, queue, topicKey(i));
        }
        for (int i = 0; i < KEYS_IN_TURN; i++) {
            names[i] = names("topic", KEY + i);
            Route route = RouteSearch.from(topic, new KeyOnly(KEY + i), _ -> null);
            cache.put(VERSION, names[i], 0, names[i].limit(), route);
        }
    }

    /** A tenth of the bindings with {@code *}, a tenth with {@code #}. */
    private static String topicKey(int i) {
        return switch (i % 10) {
            case 0 -> "*.station." + i + ".temperature";
            case 1 -> "eu.station." + i + ".#";
            default -> "eu.station." + i + ".temperature";
        };
    }

    private static Exchange exchange(ExchangeType type) {
        return Exchange.of(
                new ExchangeDefinition("x", type, true, false, false, Arguments.EMPTY),
                new Random(1));
    }

    private static final PagePool POOL = new PagePool(1 << 20);

    @SuppressWarnings("NullAway")
    private static QueueIndex emptyIndex(QueueDefinition queue, Runnable headKnown) {
        return new QueueIndex(queue.id(), POOL, null, 26, 16, headKnown);
    }

    /** With a definition and nothing behind it: enough to be routed to. */
    @SuppressWarnings("NullAway")
    private static Queue queue(int i) {
        QueueDefinition definition =
                new QueueDefinition(i + 1, "q" + i, true, false, false, Arguments.EMPTY);
        return new Queue(
                definition,
                QueueSettings.of(definition.arguments()),
                0,
                null,
                null,
                RoutingBenchmark::emptyIndex,
                null);
    }

    private static void bind(Exchange exchange, Queue queue, String key) {
        exchange.bind(
                new BindingDefinition(
                        "x", DestinationKind.QUEUE, queue.name(), key, Arguments.EMPTY),
                new Destination.ToQueue(queue));
    }

    private static ByteBuffer names(String exchange, String key) {
        ByteBuffer names = ByteBuffer.allocateDirect(512);
        for (String name : new String[] {exchange, key}) {
            byte[] octets = name.getBytes(StandardCharsets.UTF_8);
            names.put((byte) octets.length).put(octets);
        }
        return names.flip();
    }

    @Benchmark
    public @Nullable Route cachedSameKey() {
        return cache.find(VERSION, names[0], 0, names[0].limit());
    }

    @Benchmark
    public @Nullable Route cachedKeysInTurn() {
        ByteBuffer next = names[turn++ % KEYS_IN_TURN];
        return cache.find(VERSION, next, 0, next.limit());
    }

    @Benchmark
    public Route direct() {
        return RouteSearch.from(direct, message, _ -> null);
    }

    @Benchmark
    public Route topic() {
        return RouteSearch.from(topic, message, _ -> null);
    }
}
