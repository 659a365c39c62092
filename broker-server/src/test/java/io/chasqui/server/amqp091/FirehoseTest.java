package io.chasqui.server.amqp091;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import io.chasqui.core.shard.Shard;
import io.chasqui.server.testing.RunningBroker;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RabbitMQ's firehose, with the keys and headers that a running RabbitMQ 4.3.6 gives. */
class FirehoseTest {

    private RunningBroker broker;
    private Channel channel;
    private final List<Delivery> traces = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        channel = broker.connect().createChannel();
        channel.confirmSelect();
        channel.queueDeclare("q", true, false, false, null);
        channel.queueDeclare("copied", true, false, false, null);
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private void trace() throws Exception {
        Channel watching = broker.connect().createChannel();
        String queue = watching.queueDeclare().getQueue();
        watching.queueBind(queue, "amq.rabbitmq.trace", "#");
        watching.basicConsume(queue, true, (_, trace) -> traces.add(trace), _ -> {});
        broker.broker().vhosts().find("/").routing().trace(true);
    }

    private void publish(String exchange, String key, AMQP.BasicProperties properties, byte[] body)
            throws Exception {
        channel.basicPublish(exchange, key, properties, body);
        channel.waitForConfirmsOrDie(10_000);
    }

    private Delivery trace(int number) throws Exception {
        eventually(() -> assertThat(traces).hasSizeGreaterThan(number));
        return traces.get(number);
    }

    /** Long strings as text, at any depth. */
    private static String text(Object value) {
        return switch (value) {
            case Map<?, ?> table -> {
                StringBuilder all = new StringBuilder("{");
                table.entrySet().stream()
                        .sorted((a, b) -> a.getKey().toString().compareTo(b.getKey().toString()))
                        .forEach(field ->
                                all.append(field.getKey())
                                        .append('=')
                                        .append(text(field.getValue()))
                                        .append(' '));
                yield all.toString().strip() + "}";
            }
            case List<?> list -> list.stream().map(FirehoseTest::text).toList().toString();
            default -> value.toString();
        };
    }

    private static String header(Delivery trace, String name) {
        return text(trace.getProperties().getHeaders().get(name));
    }

    @Test
    void a_publish_is_told_with_its_properties_and_circumstances() throws Exception {
        trace();
        publish(
                "",
                "q",
                new AMQP.BasicProperties.Builder()
                        .contentType("text/plain")
                        .headers(Map.of("a", 1, "CC", List.of("copied"), "BCC", List.of("blind")))
                        .deliveryMode(2)
                        .priority(3)
                        .correlationId("corr")
                        .timestamp(new Date(1_700_000_000_000L))
                        .build(),
                "hello".getBytes(UTF_8));

        Delivery trace = trace(0);
        assertThat(trace.getEnvelope().getExchange()).isEqualTo("amq.rabbitmq.trace");
        assertThat(trace.getEnvelope().getRoutingKey()).isEqualTo("publish.");
        assertThat(new String(trace.getBody(), UTF_8)).isEqualTo("hello");
        assertThat(trace.getProperties().getDeliveryMode()).isNull();
        assertThat(trace.getProperties().getHeaders().keySet())
                .containsExactlyInAnyOrder(
                        "exchange_name",
                        "routing_keys",
                        "properties",
                        "node",
                        "vhost",
                        "connection",
                        "channel",
                        "user",
                        "routed_queues");
        assertThat(header(trace, "exchange_name")).isEmpty();
        assertThat(header(trace, "routing_keys")).isEqualTo("[q, copied, blind]");
        assertThat(header(trace, "routed_queues")).isEqualTo("[q, copied]");
        assertThat(header(trace, "properties"))
                .isEqualTo(
                        "{content_type=text/plain correlation_id=corr delivery_mode=2"
                                + " headers={CC=[copied] a=1} priority=3 timestamp=1700000000}");
        assertThat(header(trace, "vhost")).isEqualTo("/");
        assertThat(header(trace, "user")).isEqualTo("guest");
        assertThat(header(trace, "channel")).isEqualTo("1");
        assertThat(header(trace, "node")).startsWith("chasqui@");
        assertThat(header(trace, "connection")).contains(" -> 127.0.0.1:" + broker.port());
    }

    @Test
    void what_reaches_no_queue_is_told_too() throws Exception {
        trace();
        publish("amq.direct", "nobody", null, new byte[0]);

        Delivery trace = trace(0);
        assertThat(trace.getEnvelope().getRoutingKey()).isEqualTo("publish.amq.direct");
        assertThat(header(trace, "routed_queues")).isEqualTo("[]");
        assertThat(header(trace, "properties")).isEqualTo("{}");
    }

    @Test
    void a_delivery_is_told_with_the_name_of_its_queue() throws Exception {
        publish("", "q", null, "hello".getBytes(UTF_8));
        trace();
        long tag = channel.basicGet("q", false).getEnvelope().getDeliveryTag();
        channel.basicNack(tag, false, true);
        channel.basicConsume("q", true, (_, _) -> {}, _ -> {});

        assertThat(trace(0).getEnvelope().getRoutingKey()).isEqualTo("deliver.q");
        assertThat(new String(trace(0).getBody(), UTF_8)).isEqualTo("hello");
        assertThat(trace(0).getProperties().getHeaders().keySet())
                .containsExactlyInAnyOrder(
                        "exchange_name",
                        "routing_keys",
                        "properties",
                        "node",
                        "vhost",
                        "connection",
                        "channel",
                        "user",
                        "redelivered");
        assertThat(header(trace(0), "routing_keys")).isEqualTo("[q]");
        assertThat(header(trace(0), "redelivered")).isEqualTo("0");
        assertThat(header(trace(1), "redelivered")).isEqualTo("1");
    }

    @Test
    void a_delivery_is_told_with_every_key_that_its_message_was_routed_by() throws Exception {
        trace();
        publish(
                "",
                "q",
                new AMQP.BasicProperties.Builder()
                        .headers(Map.of("CC", List.of("copied"), "BCC", List.of("blind")))
                        .build(),
                new byte[0]);
        channel.basicGet("copied", true);

        assertThat(trace(1).getEnvelope().getRoutingKey()).isEqualTo("deliver.copied");
        assertThat(header(trace(1), "routing_keys")).isEqualTo("[q, copied, blind]");
        assertThat(header(trace(1), "properties")).isEqualTo("{headers={CC=[copied]}}");
    }

    @Test
    void a_copy_of_a_message_counts_as_many_bytes_in_its_queue_as_its_body() throws Exception {
        Channel watching = broker.connect().createChannel();
        String queue =
                watching.queueDeclare("", false, true, true, Map.of("x-max-length-bytes", 5))
                        .getQueue();
        watching.queueBind(queue, "amq.rabbitmq.trace", "#");
        broker.broker().vhosts().find("/").routing().trace(true);
        publish("", "q", null, "hello".getBytes(UTF_8));

        eventually(() -> assertThat(watching.messageCount(queue)).isOne());
    }

    @ParameterizedTest
    @ValueSource(ints = {100_000, 600_000, 3_000_000})
    void a_body_of_any_size_is_copied(int size) throws Exception {
        byte[] body = new byte[size];
        body[size - 1] = 7;
        trace();
        publish("", "q", null, body);
        channel.basicGet("q", true);

        assertThat(trace(0).getEnvelope().getRoutingKey()).isEqualTo("publish.");
        assertThat(trace(0).getBody()).isEqualTo(body);
        assertThat(trace(1).getEnvelope().getRoutingKey()).isEqualTo("deliver.q");
        assertThat(trace(1).getBody()).isEqualTo(body);
    }

    @Test
    void traces_are_counted_as_nobodys_publishes_and_end_when_it_is_turned_off() throws Exception {
        trace();
        publish("amq.direct", "one", null, new byte[0]);
        broker.broker().vhosts().find("/").routing().trace(false);
        publish("amq.direct", "two", null, new byte[0]);
        broker.broker().vhosts().find("/").routing().trace(true);
        publish("amq.direct", "three", null, new byte[0]);

        assertThat(header(trace(0), "routing_keys")).isEqualTo("[one]");
        assertThat(header(trace(1), "routing_keys")).isEqualTo("[three]");
        assertThat(broker.broker().shards().stream().map(Shard::counters))
                .singleElement()
                .satisfies(counters -> assertThat(counters.published).isEqualTo(3));
    }

    @Test
    void nobody_else_may_publish_to_its_exchange() throws Exception {
        Channel other = broker.connect().createChannel();
        other.basicPublish("amq.rabbitmq.trace", "k", null, new byte[0]);
        eventually(() ->
                assertThat(other.getCloseReason())
                        .hasMessageContaining(
                                "cannot publish to internal exchange"
                                        + " 'amq.rabbitmq.trace' in vhost '/'"));
    }
}
