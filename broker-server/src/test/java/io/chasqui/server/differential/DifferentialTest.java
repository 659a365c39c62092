package io.chasqui.server.differential;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.ConnectionFactory;
import io.chasqui.server.testing.RunningBroker;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random scenarios that two brokers must answer alike: replies, routes, returns, confirms, counts,
 * orders, deliveries, and what is written into the headers of dead letters.
 *
 * <p>By default both are Chasqui, with one event loop and with three. {@code
 * -Dchasqui.differential.peer=amqp://guest:guest@127.0.0.1:5673} names a RabbitMQ to be compared
 * with, whose management interface is {@code -Dchasqui.differential.management}, by default the same
 * host's port 10000 further up; virtual hosts {@code fuzz0}, {@code fuzz1} ... are made there and
 * deleted again, one for each of {@code -Dchasqui.differential.workers}. {@code
 * -Dchasqui.differential.scenarios=10000} and {@code -Dchasqui.differential.seed=SEED} make it more and
 * others. A difference names the seed of its scenario, which alone makes it again; with {@code
 * -Dchasqui.differential.shrink=true} it comes with the fewest steps that show it.
 */
class DifferentialTest {

    private static final int SCENARIOS = Integer.getInteger("chasqui.differential.scenarios", 40);
    private static final long SEED = Long.getLong("chasqui.differential.seed", 1);
    private static final int WORKERS = Integer.getInteger("chasqui.differential.workers", 1);
    private static final boolean SHRINK = Boolean.getBoolean("chasqui.differential.shrink");
    private static final String PEER = System.getProperty("chasqui.differential.peer", "");
    private static final String PEER_MANAGEMENT =
            System.getProperty("chasqui.differential.management", "");

    /** Enough to see what they have in common. */
    private static final int MAX_DIFFERENCES = 20;

    private static final String GUEST = "guest:guest";
    private static final int MANAGEMENT_PORT_OFFSET = 10_000;

    private final ConcurrentLinkedQueue<String> differences = new ConcurrentLinkedQueue<>();
    private final AtomicLong nextSeed = new AtomicLong(SEED);

    @Test
    @Timeout(1200)
    void both_brokers_answer_alike() throws Exception {
        try (RunningBroker chasqui = RunningBroker.withEventLoops(3);
                RunningBroker plain = RunningBroker.with(Map.of("event-loops", "1"));
                ExecutorService workers = Executors.newFixedThreadPool(WORKERS)) {
            List<Callable<Boolean>> work =
                    IntStream.range(0, WORKERS)
                            .<Callable<Boolean>>mapToObj(
                                    i -> () -> workThrough(chasqui, plain, "fuzz" + i))
                            .toList();
            for (Future<Boolean> done : workers.invokeAll(work)) {
                assertThat(done.get()).isTrue();
            }
        }
        assertThat(differences).as("differences").isEmpty();
    }

    private boolean workThrough(RunningBroker chasqui, RunningBroker plain, String vhost)
            throws Exception {
        try (Management here = new Management(chasqui.http("/api/"), GUEST, vhost);
                Management there = there(plain, vhost)) {
            here.makeVirtualHost("guest");
            there.makeVirtualHost(user().split(":", 2)[0]);
            try (Side one = side(chasqui.factory(), here, vhost);
                    Side other = side(PEER.isEmpty() ? plain.factory() : peer(), there, vhost)) {
                compare(new Lockstep(one, other));
            }
            there.dropVirtualHost();
        }
        return true;
    }

    private void compare(Lockstep lockstep) {
        for (long seed = nextSeed.getAndIncrement();
                seed < SEED + SCENARIOS && differences.size() < MAX_DIFFERENCES;
                seed = nextSeed.getAndIncrement()) {
            try {
                (SHRINK ? lockstep.smallestDifference(seed) : lockstep.difference(seed))
                        .ifPresent(differences::add);
            } catch (Exception e) {
                throw new IllegalStateException("seed " + seed + ": " + e, e);
            }
        }
    }

    private static Side side(ConnectionFactory broker, Management management, String vhost)
            throws Exception {
        broker.setAutomaticRecoveryEnabled(false);
        broker.setVirtualHost(vhost);
        return new Side(broker.newConnection(), management);
    }

    private static ConnectionFactory peer() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(PEER);
        return factory;
    }

    private static String user() {
        return PEER.isEmpty() ? GUEST : URI.create(PEER).getUserInfo();
    }

    private static Management there(RunningBroker plain, String vhost) {
        if (PEER.isEmpty()) {
            return new Management(plain.http("/api/"), GUEST, vhost);
        }
        URI amqp = URI.create(PEER);
        String root =
                PEER_MANAGEMENT.isEmpty()
                        ? "http://"
                                + amqp.getHost()
                                + ":"
                                + (amqp.getPort() + MANAGEMENT_PORT_OFFSET)
                        : PEER_MANAGEMENT;
        return new Management(URI.create(root + "/api/"), user(), vhost);
    }
}
