package io.chasqui.server.amqp091;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;
import io.chasqui.server.testing.RunningBroker;
import org.junit.jupiter.api.Test;

/** What one client was told of holds for every other, whichever event loops serve the two. */
class SeenOnceConfirmedTest {

    private static final int ROUNDS = 500;

    @Test
    void a_confirmed_message_is_there_for_whoever_asks_next() throws Exception {
        try (RunningBroker broker = RunningBroker.withEventLoops(3)) {
            Channel reader = broker.connect().createChannel();
            reader.queueDeclare("q", true, false, false, null);
            Channel publisher = broker.connect().createChannel();
            publisher.confirmSelect();
            for (int i = 0; i < ROUNDS; i++) {
                publisher.basicPublish(
                        "",
                        "q",
                        MessageProperties.PERSISTENT_BASIC,
                        Integer.toString(i).getBytes(UTF_8));
                publisher.waitForConfirmsOrDie(20_000);
                assertThat(reader.basicGet("q", true)).as("round " + i).isNotNull();
            }
        }
    }
}
