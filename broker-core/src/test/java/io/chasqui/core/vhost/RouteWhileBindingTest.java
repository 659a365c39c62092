package io.chasqui.core.vhost;

import static io.chasqui.core.vhost.VirtualHostContext.transientQueue;
import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.exchange.BareQueues;
import io.chasqui.core.exchange.KeyOnly;
import io.chasqui.core.queue.Queue;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Event loops route without a lock while others declare, bind and delete. */
class RouteWhileBindingTest {

    private static final int ROUNDS = 3_000;

    private final VirtualHostContext context = new VirtualHostContext();

    @ParameterizedTest
    @CsvSource({"amq.direct,a.b", "amq.fanout,a.b", "amq.topic,#.b.#"})
    void a_binding_that_stays_is_seen_by_every_route(String exchange, String key) throws Exception {
        context.declare(transientQueue("stays"));
        context.bind("stays", exchange, key);
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<Void>> readers =
                    List.of(
                            threads.submit(routeUntil(done, exchange)),
                            threads.submit(routeUntil(done, exchange)));
            threads.submit(
                            () -> {
                                comeAndGo(exchange, key);
                                return null;
                            })
                    .get();
            done.set(true);
            for (Future<Void> reader : readers) {
                reader.get();
            }
        } finally {
            done.set(true);
        }
        context.expectRoute(exchange, "a.b", "stays");
    }

    private void comeAndGo(String exchange, String key) {
        for (int round = 0; round < ROUNDS; round++) {
            int queues = 1 + round % 20;
            for (int i = 0; i < queues; i++) {
                context.declare(transientQueue("q" + i));
                context.bind("q" + i, exchange, key);
                context.bind("q" + i, exchange, "a.*");
            }
            for (int i = 0; i < queues; i++) {
                Queue queue = context.vhost.queue("q" + i);
                context.vhost.queueRemoved(queue);
            }
        }
    }

    private Callable<Void> routeUntil(AtomicBoolean done, String exchange) {
        return () -> {
            while (!done.get()) {
                List<String> names =
                        BareQueues.names(
                                context.vhost.routing().route(exchange, new KeyOnly("a.b")));
                assertThat(names).contains("stays");
            }
            return null;
        };
    }
}
