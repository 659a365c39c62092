package io.chasqui.core.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.chasqui.core.boot.CoreFixture.Client;
import io.chasqui.core.definition.Arguments;
import io.chasqui.core.exchange.Route;
import io.chasqui.core.session.Publisher;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hot path makes no object to find a message's queues, however long the way to them is. */
class RouteAllocationTest {

    private static final int ROUTES = 100_000;

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({"'', q", "amq.direct, k", "amq.fanout, k", "amq.topic, a.b", "chain, k", "lost, k"})
    void a_route_found_before_is_found_without_making_an_object(String exchange, String key)
            throws Exception {
        try (CoreFixture fixture = new CoreFixture(directory, 1)) {
            Client client = fixture.client(0);
            client.declare("q", false);
            client.bind("q", "amq.direct", "k");
            client.bind("q", "amq.fanout", "");
            client.bind("q", "amq.topic", "#.b");
            client.<Boolean>onShard(result -> {
                client.session()
                        .exchanges()
                        .declare("chain", "direct", false, false, false, Arguments.EMPTY, () -> {});
                client.session()
                        .exchanges()
                        .declare(
                                "lost",
                                "direct",
                                false,
                                false,
                                false,
                                Arguments.EMPTY.with("alternate-exchange", "amq.direct"),
                                () -> {});
                client.session()
                        .exchanges()
                        .bindExchange("amq.fanout", "chain", "k", Arguments.EMPTY, () -> {});
                result.complete(true);
            });

            long allocated =
                    client.<Long>onShard(result -> {
                        Publisher publisher = client.session().newPublisher(1);
                        ByteBuffer names = names(exchange, key);
                        publisher.content().names(names, 0, names.limit()).head(names, 0, 0);
                        routes(publisher);
                        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
                        long before = threads.getCurrentThreadAllocatedBytes();
                        routes(publisher);
                        result.complete(threads.getCurrentThreadAllocatedBytes() - before);
                    });

            assertThat(allocated).as("bytes for %d routes", ROUTES).isLessThan(10_000);
        }
    }

    private static void routes(Publisher publisher) {
        for (int i = 0; i < ROUTES; i++) {
            Route route = publisher.route(CoreFixture.TEXT);
            if (route.size() != 1) {
                throw new AssertionError("routed to " + route.size() + " queues");
            }
        }
    }

    private static ByteBuffer names(String exchange, String key) {
        ByteBuffer names = ByteBuffer.allocateDirect(512);
        for (String name : new String[] {exchange, key}) {
            byte[] octets = name.getBytes(StandardCharsets.US_ASCII);
            names.put((byte) octets.length).put(octets);
        }
        return names.flip();
    }
}
