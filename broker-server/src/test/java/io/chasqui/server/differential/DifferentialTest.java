package io.chasqui.server.differential;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.ConnectionFactory;
import io.chasqui.server.testing.RunningBroker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Random scenarios that two brokers must answer alike: replies, routes, counts, orders, and what is
 * written into the headers of dead letters.
 *
 * <p>By default both are Chasqui, with one event loop and with three. {@code
 * -Dchasqui.differential.peer=amqp://guest:guest@127.0.0.1:5673} names a RabbitMQ to be compared
 * with, whose exchanges and queues of the names in {@link Scenario} are deleted; {@code
 * -Dchasqui.differential.scenarios=10000} and {@code -Dchasqui.differential.seed=SEED} make it more and
 * others. A difference names the seed of its scenario, which alone makes it again.
 */
class DifferentialTest {

    private static final int SCENARIOS = Integer.getInteger("chasqui.differential.scenarios", 40);
    private static final long SEED = Long.getLong("chasqui.differential.seed", 1);
    private static final String PEER = System.getProperty("chasqui.differential.peer", "");

    /** Enough to see what they have in common. */
    private static final int MAX_DIFFERENCES = 20;

    @Test
    void both_brokers_answer_alike() throws Exception {
        List<String> differences = new ArrayList<>();
        try (RunningBroker chasqui = RunningBroker.withEventLoops(3);
                RunningBroker plain = RunningBroker.with(Map.of("event-loops", "1"));
                Side one = new Side(chasqui.factory());
                Side other = new Side(PEER.isEmpty() ? plain.factory() : peer())) {
            Lockstep lockstep = new Lockstep(one, other);
            for (long seed = SEED;
                    seed < SEED + SCENARIOS && differences.size() < MAX_DIFFERENCES;
                    seed++) {
                lockstep.difference(seed).ifPresent(differences::add);
            }
        }
        assertThat(differences).as("differences").isEmpty();
    }

    private static ConnectionFactory peer() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(PEER);
        return factory;
    }
}
