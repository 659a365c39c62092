package io.chasqui.server.amqp091;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import io.chasqui.server.testing.ManagementClient;
import io.chasqui.server.testing.RunningBroker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One consumer at a time (x-single-active-consumer); who follows whom, and the texts, are those of a
 * RabbitMQ 4.3.6 that was asked the same.
 */
@ParameterizedClass
@ValueSource(strings = {"classic", "quorum"})
class SingleActiveConsumerTest {

    private final String type;
    private RunningBroker broker;
    private Connection connection;
    private Channel publisher;
    private final Map<String, Channel> channels = new HashMap<>();
    private final List<String> got = new ArrayList<>();

    SingleActiveConsumerTest(String type) {
        this.type = type;
    }

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        connection = broker.connect();
        publisher = connection.createChannel();
        publisher.confirmSelect();
        publisher.queueDeclare(
                "q",
                true,
                false,
                false,
                Map.of("x-single-active-consumer", true, "x-queue-type", type));
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    /** Lets a consumer of this name and priority come, on a channel of its own. */
    private Channel consume(String name, int priority, int prefetch) throws Exception {
        Channel channel = connection.createChannel();
        channel.basicQos(prefetch);
        channel.basicConsume(
                "q",
                false,
                name,
                false,
                false,
                Map.of("x-priority", priority),
                (_, delivery) ->
                        note(
                                name
                                        + new String(delivery.getBody(), UTF_8)
                                        + (delivery.getEnvelope().isRedeliver() ? "R" : "")),
                _ -> note(name + " cancelled"));
        channels.put(name, channel);
        return channel;
    }

    private Channel consume(String name, int priority) throws Exception {
        return consume(name, priority, 10);
    }

    private void note(String what) {
        synchronized (got) {
            got.add(what);
        }
    }

    private void publish(String... bodies) throws Exception {
        for (String body : bodies) {
            publisher.basicPublish(
                    "", "q", MessageProperties.PERSISTENT_BASIC, body.getBytes(UTF_8));
        }
        publisher.waitForConfirmsOrDie(20_000);
    }

    /** Exactly this arrived since the last time. */
    private void expect(String... events) throws Exception {
        eventually(() -> {
            synchronized (got) {
                assertThat(got).containsExactly(events);
            }
        });
        synchronized (got) {
            got.clear();
        }
    }

    @Test
    void the_first_to_come_is_served_and_the_next_follows_when_it_is_cancelled() throws Exception {
        consume("a", 0);
        consume("b", 0);
        consume("c", 0);
        publish("1", "2");
        expect("a1", "a2");
        channels.get("a").basicCancel("a");
        publish("3");
        expect("b3");
        channels.get("a").close();
        expect("b1R", "b2R");
        channels.get("b").close();
        expect("c1R", "c2R", "c3R");
    }

    @Test
    void the_next_follows_when_the_connection_is_gone() throws Exception {
        Connection other = broker.connect();
        Channel first = other.createChannel();
        first.basicConsume("q", false, (_, _) -> note("first"), _ -> {});
        consume("b", 0);
        publish("1");
        expect("first");
        other.abort();
        expect("b1R");
    }

    @Test
    void one_that_can_take_no_more_keeps_its_place() throws Exception {
        Channel busy = consume("a", 0, 1);
        consume("b", 0);
        publish("1", "2");
        expect("a1");
        busy.basicAck(1, false);
        expect("a2");
    }

    @Test
    void after_the_active_one_the_highest_priority_follows_and_of_those_the_first_to_come()
            throws Exception {
        consume("a", 9);
        consume("b", 1);
        consume("c", 5);
        consume("d", 5);
        publish("1");
        expect("a1");
        channels.get("a").close();
        expect("c1R");
        channels.get("c").close();
        expect("d1R");
        channels.get("d").close();
        expect("b1R");
    }

    @Test
    void a_higher_priority_takes_over_in_a_quorum_queue_once_all_is_settled() throws Exception {
        Channel low = consume("a", 1);
        publish("1");
        expect("a1");
        Channel high = consume("b", 5);
        publish("2");
        if (type.equals("classic")) {
            expect("a2");
            return;
        }
        assertThat(publisher.messageCount("q")).isEqualTo(1);
        low.basicAck(1, false);
        expect("b2");
        high.basicAck(1, false);
        publish("3");
        expect("b3");
    }

    @Test
    void all_are_told_when_the_queue_is_deleted() throws Exception {
        consume("a", 0);
        consume("b", 0);
        publisher.queueDelete("q");
        eventually(() -> {
            synchronized (got) {
                assertThat(got).containsExactlyInAnyOrder("a cancelled", "b cancelled");
            }
        });
    }

    @Test
    void who_is_active_can_be_seen() throws Exception {
        consume("a", 0);
        consume("b", 0);
        active("a");
        channels.get("a").basicCancel("a");
        active("b");
    }

    private void active(String tag) throws Exception {
        try (ManagementClient management = ManagementClient.of(broker)) {
            eventually(() ->
                    assertThat(management.get("consumers/%2F").list())
                            .filteredOn(consumer -> consumer.get("active").equals(true))
                            .extracting(consumer -> consumer.get("consumer_tag"))
                            .containsExactly(tag));
        }
    }

    @Test
    void exclusive_consumers_are_refused_by_classic_queues_and_no_matter_to_quorum_queues()
            throws Exception {
        Channel channel = connection.createChannel();
        if (type.equals("classic")) {
            assertThatThrownBy(() ->
                            channel.basicConsume(
                                    "q", true, "", false, true, null, (_, _) -> {}, _ -> {}))
                    .hasStackTraceContaining(
                            "ACCESS_REFUSED - queue 'q' in vhost '/' in exclusive use");
        } else {
            channel.basicConsume("q", true, "", false, true, null, (_, _) -> {}, _ -> {});
            channel.basicConsume("q", true, "", false, true, null, (_, _) -> {}, _ -> {});
            assertThat(publisher.consumerCount("q")).isEqualTo(2);
        }
    }

    @Test
    void a_get_goes_past_the_consumers_of_a_classic_queue_only() throws Exception {
        consume("a", 0, 1);
        publish("1", "2");
        expect("a1");
        Channel channel = connection.createChannel();
        if (type.equals("classic")) {
            assertThat(channel.basicGet("q", true).getBody()).asString(UTF_8).isEqualTo("2");
        } else {
            assertThatThrownBy(() -> channel.basicGet("q", true))
                    .hasStackTraceContaining(
                            "RESOURCE_LOCKED - cannot obtain access to locked queue 'q' in vhost"
                                    + " '/'. basic.get operations are not supported by"
                                    + " <<\"quorum\">> queues with single active consumer");
        }
    }
}
