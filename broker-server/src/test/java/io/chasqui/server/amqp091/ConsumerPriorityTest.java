package io.chasqui.server.amqp091;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import io.chasqui.server.testing.RunningBroker;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** RabbitMQ's x-priority of consumers. */
class ConsumerPriorityTest {

    private RunningBroker broker;
    private Channel channel;
    private final List<String> receivers = new CopyOnWriteArrayList<>();
    private final List<Long> tags = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        channel = broker.connect().createChannel();
        channel.queueDeclare("q", false, false, false, null);
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private void consume(String name, @Nullable Object priority) throws Exception {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("x-priority", priority);
        channel.basicConsume(
                "q",
                false,
                name,
                false,
                false,
                arguments,
                (tag, delivery) -> {
                    receivers.add(tag);
                    tags.add(delivery.getEnvelope().getDeliveryTag());
                },
                _ -> {});
    }

    private void publish(int messages) throws Exception {
        for (int i = 0; i < messages; i++) {
            channel.basicPublish("", "q", null, "m".getBytes(UTF_8));
        }
    }

    private void expect(String... names) throws Exception {
        eventually(() -> assertThat(receivers).hasSize(names.length));
        assertThat(receivers).containsExactly(names);
    }

    @Test
    void the_higher_priority_takes_all_while_it_can() throws Exception {
        channel.basicQos(2);
        consume("low", -1);
        consume("high", 10);
        channel.basicConsume("q", false, "middle", (tag, _) -> receivers.add(tag), _ -> {});
        publish(5);
        expect("high", "high", "middle", "middle", "low");
        channel.basicAck(tags.getFirst(), false);
        publish(1);
        expect("high", "high", "middle", "middle", "low", "high");
    }

    @Test
    void consumers_of_one_priority_take_turns() throws Exception {
        consume("a", 3L);
        consume("b", (short) 3);
        consume("c", (byte) 3);
        consume("d", 2);
        publish(6);
        expect("a", "b", "c", "a", "b", "c");
        channel.basicCancel("b");
        publish(3);
        expect("a", "b", "c", "a", "b", "c", "a", "c", "a");
    }

    @Test
    void the_next_priority_takes_over_when_the_higher_one_leaves() throws Exception {
        consume("high", 1L << 40);
        consume("low", 0);
        publish(1);
        expect("high");
        channel.basicCancel("high");
        publish(1);
        expect("high", "low");
    }

    static List<Arguments> others() {
        return Arrays.asList(
                Arguments.of("5", "longstr"),
                Arguments.of(true, "bool"),
                Arguments.of(null, "void"),
                Arguments.of(new BigDecimal("1.5"), "decimal"),
                Arguments.of(List.of(1), "array"),
                Arguments.of(Map.of("a", 1), "table"),
                Arguments.of(1.5d, "double"),
                Arguments.of(1.5f, "float"),
                Arguments.of(new Date(0), "timestamp"));
    }

    @ParameterizedTest
    @MethodSource("others")
    void only_integers_are_priorities(@Nullable Object value, String type) {
        assertThatThrownBy(() -> consume("c", value))
                .hasRootCauseMessage(
                        "channel error; protocol method: #method<channel.close>(reply-code=406,"
                                + " reply-text=PRECONDITION_FAILED - invalid arg 'x-priority' for"
                                + " queue 'q' in vhost '/': \"expected integer, got "
                                + type
                                + "\", class-id=60, method-id=20)");
    }
}
