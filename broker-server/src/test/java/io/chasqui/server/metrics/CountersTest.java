package io.chasqui.server.metrics;

import static io.chasqui.server.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.GetResponse;
import io.chasqui.server.testing.RunningBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is published is what clients did. */
class CountersTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final String QUEUE = "a \"queue\"\\with\nmarks";

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void the_totals_agree_with_what_clients_did(int loops) throws Exception {
        try (RunningBroker broker = RunningBroker.withEventLoops(loops)) {
            Connection other = broker.connect();
            Connection connection = broker.connect();
            Channel channel = connection.createChannel();
            channel.queueDeclare("q", false, false, false, null);
            channel.queueDeclare("q", false, false, false, null);
            channel.queueDeclare("gone", false, false, false, null);
            channel.queueDelete("gone");
            channel.confirmSelect();
            for (int i = 0; i < 10; i++) {
                channel.basicPublish("", "q", null, new byte[i == 0 ? 5000 : 10]);
            }
            channel.basicPublish("", "nowhere", null, new byte[1]);
            channel.basicPublish("", "nowhere", true, null, new byte[1]);
            channel.waitForConfirmsOrDie(10_000);
            channel.basicAck(channel.basicGet("q", false).getEnvelope().getDeliveryTag(), false);
            GetResponse back = channel.basicGet("q", false);
            channel.basicReject(back.getEnvelope().getDeliveryTag(), true);
            assertThat(channel.basicGet("q", true).getEnvelope().isRedeliver()).isTrue();
            channel.basicConsume("q", false, new DefaultConsumer(channel));
            eventually(() ->
                    assertThat(
                                    Scrape.of(broker.metrics("/metrics"))
                                            .value("rabbitmq_queue_messages_unacked"))
                            .isEqualTo(8));
            channel.basicGet("q", true);
            Channel second = other.createChannel();
            second.close();

            Scrape scrape = Scrape.of(broker.metrics("/metrics"));
            assertThat(scrape.value("rabbitmq_connections")).isEqualTo(2);
            assertThat(scrape.value("rabbitmq_connections_opened_total")).isEqualTo(2);
            assertThat(scrape.value("rabbitmq_channels")).isEqualTo(1);
            assertThat(scrape.value("rabbitmq_channels_opened_total")).isEqualTo(2);
            assertThat(scrape.value("rabbitmq_channels_closed_total")).isEqualTo(1);
            assertThat(scrape.value("rabbitmq_queues")).isEqualTo(1);
            assertThat(scrape.value("rabbitmq_queues_declared_total")).isEqualTo(3);
            assertThat(scrape.value("rabbitmq_queues_created_total")).isEqualTo(2);
            assertThat(scrape.value("rabbitmq_queues_deleted_total")).isEqualTo(1);
            assertThat(scrape.value("rabbitmq_global_consumers", "protocol", "amqp091"))
                    .isEqualTo(1);
            assertThat(scrape.value("rabbitmq_global_publishers", "protocol", "amqp091"))
                    .isEqualTo(1);
            global(scrape, "received", 12);
            global(scrape, "received_confirm", 12);
            global(scrape, "confirmed", 12);
            global(scrape, "routed", 10);
            global(scrape, "unroutable_dropped", 1);
            global(scrape, "unroutable_returned", 1);
            global(scrape, "delivered", 11);
            global(scrape, "delivered_consume_manual_ack", 8);
            global(scrape, "delivered_get_manual_ack", 2);
            global(scrape, "delivered_get_auto_ack", 1);
            global(scrape, "acknowledged", 1);
            global(scrape, "redelivered", 1);
            global(scrape, "get_empty", 1);
            assertThat(scrape.value("chasqui_messages_enqueued_total")).isEqualTo(10);
            assertThat(scrape.value("chasqui_messages_requeued_total")).isEqualTo(1);
            assertThat(
                            scrape.value(
                                    "rabbitmq_message_size_bytes_bucket",
                                    "protocol",
                                    "amqp091",
                                    "le",
                                    "1000"))
                    .isEqualTo(11);
            assertThat(scrape.value("rabbitmq_message_size_bytes_sum", "protocol", "amqp091"))
                    .isEqualTo(5092);

            System.gc();
            connection.close();
            other.close();
            eventually(() -> {
                Scrape after = Scrape.of(broker.metrics("/metrics"));
                assertThat(after.value("rabbitmq_connections")).isZero();
                assertThat(after.value("rabbitmq_connections_closed_total")).isEqualTo(2);
                assertThat(after.value("rabbitmq_channels")).isZero();
                assertThat(after.value("rabbitmq_global_publishers", "protocol", "amqp091"))
                        .isZero();
                assertThat(after.value("rabbitmq_queue_messages_ready")).isEqualTo(8);
                assertThat(after.value("rabbitmq_queue_messages_unacked")).isZero();
            });
            broker.connect().createChannel().queuePurge("q");
            assertThat(Scrape.of(broker.metrics("/metrics")).value("chasqui_messages_purged_total"))
                    .isEqualTo(8);
        }
    }

    private static void global(Scrape scrape, String name, int expected) {
        assertThat(
                        scrape.value(
                                "rabbitmq_global_messages_" + name + "_total",
                                "protocol",
                                "amqp091"))
                .as(name)
                .isEqualTo(expected);
    }

    @Test
    void each_queue_has_figures_of_its_own_whatever_its_name() throws Exception {
        try (RunningBroker broker = RunningBroker.withEventLoops(2)) {
            Channel channel = broker.connect().createChannel();
            channel.queueDeclare(QUEUE.replace("\n", ""), false, false, false, null);
            for (int i = 0; i < 1200; i++) {
                channel.queueDeclare("q" + i, false, false, false, null);
            }
            channel.confirmSelect();
            channel.basicPublish("", QUEUE.replace("\n", ""), null, new byte[1]);
            channel.basicPublish("", "q7", null, new byte[1]);
            channel.waitForConfirmsOrDie(10_000);
            channel.basicGet("q7", false);

            Scrape all = Scrape.of(broker.metrics("/metrics/per-object"));
            assertThat(
                            all.value(
                                    "rabbitmq_queue_messages_ready",
                                    "vhost",
                                    "/",
                                    "queue",
                                    QUEUE.replace("\n", "")))
                    .isEqualTo(1);
            assertThat(all.value("rabbitmq_queue_messages_unacked", "queue", "q7")).isEqualTo(1);
            assertThat(all.value("rabbitmq_queue_get_ack_total", "queue", "q7")).isEqualTo(1);
            assertThat(all.value("rabbitmq_queue_messages_unacked_bytes", "queue", "q7"))
                    .isPositive();
            assertThat(all.value("rabbitmq_queue_messages_ready_bytes", "queue", "q7")).isZero();
            assertThat(all.samples())
                    .filteredOn(sample -> sample.name().equals("rabbitmq_queue_consumers"))
                    .hasSize(1201);
        }
    }

    @Test
    void the_age_of_what_has_waited_longest_is_told_by_queue_and_of_all_queues() throws Exception {
        try (RunningBroker broker = RunningBroker.withEventLoops(2)) {
            Channel channel = broker.connect().createChannel();
            channel.confirmSelect();
            for (String queue : List.of("empty", "old", "new")) {
                channel.queueDeclare(queue, true, false, false, null);
            }
            channel.basicPublish("", "old", null, new byte[1]);
            channel.waitForConfirmsOrDie(10_000);
            broker.clock().advance(HOUR);
            channel.basicPublish("", "new", null, new byte[1]);
            channel.waitForConfirmsOrDie(10_000);

            Scrape all = Scrape.of(broker.metrics("/metrics"));
            assertThat(all.value("chasqui_queue_oldest_ready_seconds")).isBetween(3600.0, 3700.0);
            Scrape each = Scrape.of(broker.metrics("/metrics/per-object"));
            String age = "chasqui_queue_oldest_ready_seconds";
            assertThat(each.value(age, "queue", "old")).isBetween(3600.0, 3700.0);
            assertThat(each.value(age, "queue", "new")).isBetween(0.0, 100.0);
            assertThat(each.value(age, "queue", "empty")).isZero();
        }
    }

    @Test
    void a_queue_that_nobody_used_is_counted_when_it_goes() throws Exception {
        try (RunningBroker broker = RunningBroker.start()) {
            Channel channel = broker.connect().createChannel();
            channel.queueDeclare("q", false, false, false, Map.of("x-expires", 60_000));
            broker.clock().advance(HOUR);
            eventually(() -> {
                Scrape scrape = Scrape.of(broker.metrics("/metrics"));
                assertThat(scrape.value("chasqui_queues_expired_total")).isEqualTo(1);
                assertThat(scrape.value("rabbitmq_queues_deleted_total")).isEqualTo(1);
            });
        }
    }

    @Test
    void every_event_loop_tells_how_late_its_timers_are() throws Exception {
        try (RunningBroker broker = RunningBroker.withEventLoops(2)) {
            eventually(() -> {
                Scrape scrape = Scrape.of(broker.metrics("/metrics"));
                for (String loop : List.of("0", "1")) {
                    assertThat(scrape.value("chasqui_event_loop_lag_seconds_count", "loop", loop))
                            .isPositive();
                }
            });
        }
    }

    @Test
    void the_limit_of_memory_is_where_publishers_are_blocked() throws Exception {
        try (RunningBroker broker = RunningBroker.with(Map.of("memory.high-watermark", "48MiB"))) {
            assertThat(
                            Scrape.of(broker.metrics("/metrics"))
                                    .value("rabbitmq_resident_memory_limit_bytes"))
                    .isEqualTo(48 << 20);
        }
    }

    @Test
    void a_virtual_host_counts_its_own_and_what_became_of_queues_that_are_gone() throws Exception {
        try (RunningBroker broker = RunningBroker.withEventLoops(2)) {
            Channel channel = broker.connect().createChannel();
            channel.confirmSelect();
            for (String queue : List.of("stays", "goes")) {
                channel.queueDeclare(queue, false, false, false, null);
                channel.basicPublish("", queue, null, new byte[1]);
                channel.basicPublish("", "nowhere", null, new byte[1]);
                channel.waitForConfirmsOrDie(10_000);
                channel.basicAck(
                        channel.basicGet(queue, false).getEnvelope().getDeliveryTag(), false);
                channel.basicPublish("", queue, null, new byte[1]);
                channel.waitForConfirmsOrDie(10_000);
                channel.basicReject(
                        channel.basicGet(queue, false).getEnvelope().getDeliveryTag(), false);
                channel.basicGet(queue, true);
            }
            channel.queueDelete("goes");
            broker.broker().administration().addVirtualHost("other");

            Scrape each = Scrape.of(broker.metrics("/metrics/per-object"));
            vhost(each, "received", 6);
            vhost(each, "received_confirm", 6);
            vhost(each, "confirmed", 6);
            vhost(each, "routed", 4);
            vhost(each, "unroutable_dropped", 2);
            vhost(each, "unroutable_returned", 0);
            vhost(each, "enqueued", 4);
            vhost(each, "delivered", 4);
            vhost(each, "acknowledged", 2);
            vhost(each, "rejected", 2);
            Scrape other =
                    Scrape.of(broker.metrics("/metrics/detailed?family=vhost_metrics&vhost=other"));
            assertThat(
                            other.value(
                                    "chasqui_detailed_vhost_messages_received_total",
                                    "vhost",
                                    "other"))
                    .isZero();
        }
    }

    private static void vhost(Scrape scrape, String name, int expected) {
        assertThat(scrape.value("chasqui_vhost_messages_" + name + "_total", "vhost", "/"))
                .as(name)
                .isEqualTo(expected);
    }

    @Test
    void connections_and_channels_have_figures_of_their_own() throws Exception {
        try (RunningBroker broker = RunningBroker.withEventLoops(2)) {
            broker.connect();
            Connection connection = broker.connect();
            Channel idle = connection.createChannel(1);
            Channel channel = connection.createChannel(2);
            channel.queueDeclare("q", false, false, false, null);
            channel.basicQos(7);
            channel.confirmSelect();
            channel.basicPublish("", "q", null, new byte[100]);
            channel.waitForConfirmsOrDie(10_000);
            channel.basicGet("q", false);
            idle.basicConsume(idle.queueDeclare().getQueue(), true, new DefaultConsumer(idle));

            Scrape each = Scrape.of(broker.metrics("/metrics/per-object"));
            assertThat(each.samples())
                    .filteredOn(sample -> sample.name().equals("rabbitmq_connection_channels"))
                    .hasSize(2)
                    .allSatisfy(sample ->
                            assertThat(sample.labels())
                                    .containsEntry("vhost", "/")
                                    .hasEntrySatisfying(
                                            "connection",
                                            name -> assertThat(name).contains(" -> 127.0.0.1:")));
            assertThat(each.value("rabbitmq_channel_messages_unacked", "channel", "2"))
                    .isEqualTo(1);
            assertThat(each.value("rabbitmq_channel_messages_unacked", "channel", "1")).isZero();
            assertThat(each.value("rabbitmq_channel_consumers", "channel", "1")).isEqualTo(1);
            assertThat(each.value("rabbitmq_consumer_prefetch", "channel", "2")).isEqualTo(7);
            Scrape detailed =
                    Scrape.of(broker.metrics("/metrics/detailed?family=connection_coarse_metrics"));
            assertThat(detailed.names())
                    .contains("rabbitmq_detailed_connection_incoming_bytes_total")
                    .noneMatch(name -> name.contains("channel"));
        }
    }

    @Test
    void details_are_given_by_family_and_virtual_host() throws Exception {
        try (RunningBroker broker = RunningBroker.start()) {
            Channel channel = broker.connect().createChannel();
            channel.queueDeclare("q", false, false, false, null);
            String path = "/metrics/detailed?family=queue_coarse_metrics&family=unknown";
            Scrape coarse = Scrape.of(broker.metrics(path + "&vhost=%2F"));
            assertThat(coarse.names())
                    .contains("rabbitmq_detailed_queue_messages_ready")
                    .noneMatch(name -> name.contains("delivered"));
            assertThat(coarse.value("rabbitmq_detailed_queue_messages_ready", "queue", "q"))
                    .isZero();
            List<String> infos = List.of("rabbitmq_build_info", "rabbitmq_identity_info");
            assertThat(Scrape.of(broker.metrics(path + "&vhost=other")).names())
                    .containsExactlyElementsOf(infos);
            assertThat(Scrape.of(broker.metrics("/metrics/detailed")).names())
                    .containsExactlyElementsOf(infos);
        }
    }
}
