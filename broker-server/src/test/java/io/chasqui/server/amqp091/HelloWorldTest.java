package io.chasqui.server.amqp091;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import io.chasqui.server.testing.Deliveries;
import io.chasqui.server.testing.RunningBroker;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The first tutorial, and what every client needs to get that far. */
class HelloWorldTest {

    private RunningBroker broker;
    private Connection connection;
    private Channel channel;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        connection = broker.connect();
        channel = connection.createChannel();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @Test
    void a_message_published_to_a_queue_reaches_its_consumer() throws Exception {
        channel.queueDeclare("hello", false, false, false, null);
        Deliveries deliveries = Deliveries.autoAck(channel, "hello");
        channel.basicPublish("", "hello", null, "Hello World!".getBytes(UTF_8));
        eventually(() -> assertThat(deliveries.bodies()).containsExactly("Hello World!"));
    }

    @Test
    void properties_travel_with_the_message() throws Exception {
        channel.queueDeclare("q", false, false, false, null);
        AMQP.BasicProperties properties =
                MessageProperties.PERSISTENT_TEXT_PLAIN
                        .builder()
                        .messageId("m1")
                        .headers(Map.of("a", 1, "b", "text"))
                        .build();
        channel.basicPublish("", "q", properties, "x".getBytes(UTF_8));
        GetResponse response = channel.basicGet("q", true);
        assertThat(response.getProps().getMessageId()).isEqualTo("m1");
        assertThat(response.getProps().getHeaders()).hasSize(2);
        assertThat(response.getEnvelope().getRoutingKey()).isEqualTo("q");
    }
}
