package io.chasqui.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.chasqui.core.definition.ExchangeType;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RouteCacheTest {

    private static final long VERSION = 7;

    private final RouteCache cache = new RouteCache();
    private final ExchangeContext exchange = new ExchangeContext(ExchangeType.DIRECT);

    @Test
    void a_route_is_found_by_the_same_octets() {
        Route route = exchange.route("key");
        put(VERSION, names("x", "key"), route);

        assertThat(find(VERSION, names("x", "key"))).isSameAs(route);
        assertThat(find(VERSION, names("x", "kex"))).isNull();
        assertThat(find(VERSION, names("x", "ke"))).isNull();
        assertThat(find(VERSION, names("y", "key"))).isNull();
    }

    @Test
    void the_border_between_exchange_and_key_counts() {
        put(VERSION, names("ab", "c"), exchange.route("c"));

        assertThat(find(VERSION, names("a", "bc"))).isNull();
    }

    @Test
    void a_new_version_forgets_every_route() {
        put(VERSION, names("x", "a"), exchange.route("a"));
        put(VERSION + 1, names("x", "b"), exchange.route("b"));

        assertThat(find(VERSION + 1, names("x", "a"))).isNull();
        assertThat(find(VERSION, names("x", "a"))).isNull();
        assertThat(find(VERSION + 2, names("x", "b"))).isNull();
        assertThat(find(VERSION + 1, names("x", "b"))).isNotNull();
    }

    @Test
    void the_byte_order_of_the_buffer_does_not_matter() {
        Route route = exchange.route("a rather long routing key");
        put(VERSION, names("exchange", "a rather long routing key"), route);

        ByteBuffer same = names("exchange", "a rather long routing key");
        assertThat(find(VERSION, same.order(ByteOrder.LITTLE_ENDIAN))).isSameAs(route);

        ByteBuffer reversed = names("exchange", "a rather long routing key");
        reversed.putLong(0, Long.reverseBytes(reversed.getLong(0)));
        assertThat(find(VERSION, reversed.order(ByteOrder.LITTLE_ENDIAN))).isNull();
    }

    @Test
    void names_may_lie_anywhere_in_the_buffer() {
        Route route = exchange.route("key");
        ByteBuffer names = names("x", "key");
        ByteBuffer frame = ByteBuffer.allocateDirect(64).put(23, names, 0, names.limit());
        put(VERSION, names, route);

        assertThat(cache.find(VERSION, frame, 23, names.limit())).isSameAs(route);
        assertThat(cache.find(VERSION, frame, 22, names.limit())).isNull();
    }

    @Test
    void whatever_it_finds_was_put_for_those_names() {
        Random random = new Random(1);
        Map<String, Route> put = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            String key = "k".repeat(random.nextInt(20)) + random.nextInt(300);
            Route found = find(VERSION, names("x", key));
            if (found != null) {
                assertThat(found).as(key).isSameAs(put.get(key));
            } else {
                Route route = exchange.route(key);
                put.put(key, route);
                put(VERSION, names("x", key), route);
            }
        }
    }

    @Test
    void a_hit_allocates_nothing() {
        ByteBuffer one = names("exchange", "some.routing.key");
        ByteBuffer other = names("exchange", "another.routing.key");
        put(VERSION, one, exchange.route("some.routing.key"));
        put(VERSION, other, exchange.route("another.routing.key"));
        int hits = findBoth(one, other);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().threadId();
        threads.getThreadAllocatedBytes(thread);

        long before = threads.getThreadAllocatedBytes(thread);
        hits += findBoth(one, other);
        long allocated = threads.getThreadAllocatedBytes(thread) - before;

        assertThat(hits).isEqualTo(400_000);
        assertThat(allocated).as("bytes for 200,000 hits").isLessThan(10_000);
    }

    private int findBoth(ByteBuffer one, ByteBuffer other) {
        int hits = 0;
        for (int i = 0; i < 100_000; i++) {
            hits += cache.find(VERSION, one, 0, one.limit()) == null ? 0 : 1;
            hits += cache.find(VERSION, other, 0, other.limit()) == null ? 0 : 1;
        }
        return hits;
    }

    private Route find(long version, ByteBuffer names) {
        return cache.find(version, names, 0, names.limit());
    }

    private void put(long version, ByteBuffer names, Route route) {
        cache.put(version, names, 0, names.limit(), route);
    }

    private static ByteBuffer names(String exchange, String key) {
        byte[] exchangeOctets = exchange.getBytes(StandardCharsets.UTF_8);
        byte[] keyOctets = key.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(exchangeOctets.length + keyOctets.length + 2)
                .put((byte) exchangeOctets.length)
                .put(exchangeOctets)
                .put((byte) keyOctets.length)
                .put(keyOctets)
                .flip();
    }
}
