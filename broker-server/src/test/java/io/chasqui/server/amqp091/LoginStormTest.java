package io.chasqui.server.amqp091;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;
import io.chasqui.server.testing.RunningBroker;
import io.chasqui.server.testing.ScriptedPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Hundreds of clients log in at the same moment, as after a broker's restart. */
class LoginStormTest {

    private static final int STORM = 400;
    private static final int PATIENCE_MS = 10_000;

    /** As many as a hash of ours has by default: a tenth of a second's work, and more under load. */
    private static final String ITERATIONS = "210000";

    @Test
    void all_are_let_in_and_messages_go_on_meanwhile() throws Exception {
        try (RunningBroker broker =
                        RunningBroker.with(
                                Map.of("event-loops", "2", "password-iterations", ITERATIONS));
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Channel witness = broker.connect().createChannel();
            witness.queueDeclare("q", true, false, false, null);
            witness.confirmSelect();
            List<Future<ScriptedPeer>> storm = new ArrayList<>();
            for (int i = 0; i < STORM; i++) {
                storm.add(clients.submit(() -> ScriptedPeer.connect(broker.port()).opens()));
            }
            int published = 0;
            do {
                byte[] body = "witness".getBytes(UTF_8);
                witness.basicPublish("", "q", MessageProperties.PERSISTENT_BASIC, body);
                witness.waitForConfirmsOrDie(PATIENCE_MS);
                published++;
            } while (!storm.stream().allMatch(Future::isDone));
            assertThat(witness.messageCount("q")).isEqualTo(published);
            for (Future<ScriptedPeer> client : storm) {
                client.get().close();
            }
            assertThat(
                            broker.broker().shards().stream()
                                    .mapToLong(shard -> shard.counters().sessionsOpened)
                                    .sum())
                    .isEqualTo(STORM + 1);
        }
    }
}
