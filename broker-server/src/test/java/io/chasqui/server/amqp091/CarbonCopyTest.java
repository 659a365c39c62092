package io.chasqui.server.amqp091;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.BasicProperties;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.UnsignedByte;
import io.chasqui.server.testing.RunningBroker;
import io.chasqui.server.testing.ScriptedPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** RabbitMQ's CC and BCC headers, as a running RabbitMQ 4.3.6 treats them. */
class CarbonCopyTest {

    private RunningBroker broker;
    private Channel channel;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        channel = broker.connect().createChannel();
        channel.confirmSelect();
        for (String queue : new String[] {"q1", "q2", "q3"}) {
            channel.queueDeclare(queue, true, false, false, null);
        }
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private void publish(String exchange, String key, Map<String, Object> headers)
            throws Exception {
        publish(exchange, key, headers, "body".getBytes(UTF_8));
    }

    private void publish(String exchange, String key, Map<String, Object> headers, byte[] body)
            throws Exception {
        AMQP.BasicProperties properties =
                new AMQP.BasicProperties.Builder()
                        .contentType("text/plain")
                        .headers(headers)
                        .deliveryMode(2)
                        .messageId("m1")
                        .build();
        channel.basicPublish(exchange, key, true, properties, body);
        channel.waitForConfirmsOrDie(10_000);
    }

    private List<Integer> counts() throws Exception {
        List<Integer> counts = new ArrayList<>();
        for (String queue : new String[] {"q1", "q2", "q3"}) {
            counts.add((int) channel.messageCount(queue));
        }
        return counts;
    }

    @Test
    void a_message_goes_to_its_key_and_to_those_of_its_copies_once() throws Exception {
        publish("", "q3", Map.of("CC", List.of("q1", "q3", "nosuch"), "BCC", List.of("q2", "q1")));

        assertThat(counts()).containsExactly(1, 1, 1);
        for (String queue : new String[] {"q1", "q2", "q3"}) {
            GetResponse got = channel.basicGet(queue, true);
            assertThat(got.getEnvelope().getRoutingKey()).isEqualTo("q3");
            assertThat(got.getProps().getHeaders()).containsOnlyKeys("CC");
        }
    }

    @Test
    void receivers_see_everything_but_the_blind_copies() throws Exception {
        for (int size : new int[] {0, 4, 200_000, 3_000_000}) {
            publish(
                    "",
                    "q3",
                    Map.of("BCC", List.of("q1"), "a", "1".repeat(200), "b", List.of(1, "x")),
                    new byte[size]);
            for (String queue : new String[] {"q1", "q3"}) {
                GetResponse got = channel.basicGet(queue, true);
                assertThat(got.getBody()).hasSize(size);
                assertThat(got.getProps().getHeaders()).containsOnlyKeys("a", "b");
                assertThat(got.getProps().getHeaders().get("a")).hasToString("1".repeat(200));
                assertThat(got.getProps().getContentType()).isEqualTo("text/plain");
                assertThat(got.getProps().getMessageId()).isEqualTo("m1");
            }
        }
    }

    @Test
    void without_its_blind_copies_the_header_table_is_empty_and_still_there() throws Exception {
        publish("", "q3", Map.of("BCC", List.of("q1")));

        assertThat(channel.basicGet("q1", true).getProps().getHeaders()).isEmpty();
    }

    @Test
    void the_route_of_a_key_is_not_that_of_a_message_with_copies() throws Exception {
        publish("", "q3", Map.of());
        publish("", "q3", Map.of("CC", List.of("q1")));
        publish("", "q3", Map.of("CC", List.of("q2")));
        publish("", "q3", Map.of());

        assertThat(counts()).containsExactly(1, 1, 4);
    }

    @Test
    void direct_and_topic_exchanges_match_every_key() throws Exception {
        channel.queueBind("q1", "amq.direct", "one");
        channel.queueBind("q2", "amq.topic", "two.*");
        channel.queueBind("q3", "amq.topic", "#.x");

        publish("amq.direct", "nosuch", Map.of("CC", List.of("one")));
        publish("amq.topic", "nosuch.x", Map.of("BCC", List.of("two.three")));

        assertThat(counts()).containsExactly(1, 1, 1);
    }

    @Test
    void a_message_that_only_a_copy_can_route_is_not_returned() throws Exception {
        List<Map<String, Object>> returned = new ArrayList<>();
        channel.addReturnListener(back -> returned.add(back.getProperties().getHeaders()));

        publish("", "nosuch", Map.of("CC", List.of("q1")));
        assertThat(returned).isEmpty();

        publish("", "nosuch", Map.of("CC", List.of("no"), "BCC", List.of("nope"), "a", 1));
        assertThat(returned).hasSize(1);
        assertThat(returned.getFirst()).containsOnlyKeys("CC", "a");
    }

    static Stream<Arguments> whatIsNoArray() {
        return Stream.of(
                Arguments.of("CC", "q1", "longstr"),
                Arguments.of("BCC", "q1", "longstr"),
                Arguments.of("CC", 1, "signedint"),
                Arguments.of("CC", 1L, "long"),
                Arguments.of("CC", (short) 1, "short"),
                Arguments.of("CC", (byte) 1, "byte"),
                Arguments.of("CC", new UnsignedByte(1), "unsignedbyte"),
                Arguments.of("CC", true, "bool"),
                Arguments.of("CC", 1.5, "double"),
                Arguments.of("BCC", FieldTable.of("a", 1), "table"),
                Arguments.of("BCC", null, "void"));
    }

    @ParameterizedTest
    @MethodSource("whatIsNoArray")
    void copies_that_are_no_array_are_refused(String header, Object value, String type)
            throws Exception {
        try (ScriptedPeer peer = broker.peer()) {
            peer.opens().opensChannel(1);
            peer.sends(1, new BasicMethod.Publish("", "q3", false, false));
            peer.sendsOctets(
                    ScriptedPeer.header(
                            1,
                            0,
                            BasicProperties.builder()
                                    .headers(FieldTable.of(header, value))
                                    .build()));
            peer.expectsChannelClose(
                    1,
                    406,
                    "PRECONDITION_FAILED - invalid message: {unacceptable_type_in_header,\""
                            + header
                            + "\","
                            + type
                            + "}");
        }
        assertThat(counts()).containsExactly(0, 0, 0);
    }

    @Test
    void what_is_no_text_among_the_copies_is_passed_over() throws Exception {
        publish("", "q3", Map.of("CC", List.of(1, "q1", Map.of("a", 1))));

        assertThat(counts()).containsExactly(1, 0, 1);
    }
}
