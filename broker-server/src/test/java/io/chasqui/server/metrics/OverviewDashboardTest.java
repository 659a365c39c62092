package io.chasqui.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.server.testing.RunningBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Everything that the queries of RabbitMQ's Overview dashboard name is there, so that the dashboard
 * fills.
 */
class OverviewDashboardTest {

    private static final String[] GAUGES = {
        "rabbitmq_connections",
        "rabbitmq_channels",
        "rabbitmq_queues",
        "rabbitmq_queue_messages_ready",
        "rabbitmq_queue_messages_unacked",
        "rabbitmq_process_max_fds",
        "rabbitmq_process_open_fds",
        "rabbitmq_process_resident_memory_bytes",
        "rabbitmq_resident_memory_limit_bytes",
        "rabbitmq_disk_space_available_bytes",
        "rabbitmq_disk_space_available_limit_bytes",
        "rabbitmq_erlang_uptime_seconds",
        "rabbitmq_alarms_memory_used_watermark",
        "rabbitmq_alarms_free_disk_space_watermark",
    };

    private static final String[] COUNTERS = {
        "rabbitmq_connections_opened_total",
        "rabbitmq_connections_closed_total",
        "rabbitmq_channels_opened_total",
        "rabbitmq_channels_closed_total",
        "rabbitmq_queues_declared_total",
        "rabbitmq_queues_created_total",
        "rabbitmq_queues_deleted_total",
    };

    private static final String[] GAUGES_OF_A_PROTOCOL = {
        "rabbitmq_global_consumers", "rabbitmq_global_publishers",
    };

    private static final String[] OF_A_PROTOCOL = {
        "received",
        "received_confirm",
        "routed",
        "confirmed",
        "unroutable_dropped",
        "unroutable_returned",
    };

    private static final String[] OF_A_QUEUE_TYPE = {
        "delivered",
        "delivered_consume_auto_ack",
        "delivered_consume_manual_ack",
        "delivered_get_auto_ack",
        "delivered_get_manual_ack",
        "acknowledged",
        "redelivered",
        "get_empty",
    };

    @Test
    void every_metric_of_the_dashboard_is_there_with_its_labels() throws Exception {
        try (RunningBroker broker = RunningBroker.withEventLoops(2)) {
            Scrape scrape = Scrape.of(broker.metrics("/metrics"));
            for (String gauge : GAUGES) {
                scrape.value(gauge);
                assertThat(scrape.types()).containsEntry(gauge, "gauge");
            }
            for (String gauge : GAUGES_OF_A_PROTOCOL) {
                scrape.value(gauge, "protocol", "amqp091");
                assertThat(scrape.types()).containsEntry(gauge, "gauge");
            }
            for (String counter : COUNTERS) {
                scrape.value(counter);
                assertThat(scrape.types()).containsEntry(counter, "counter");
            }
            for (String name : OF_A_PROTOCOL) {
                scrape.value("rabbitmq_global_messages_" + name + "_total", "protocol", "amqp091");
            }
            for (String name : OF_A_QUEUE_TYPE) {
                scrape.value(
                        "rabbitmq_global_messages_" + name + "_total",
                        "protocol",
                        "amqp091",
                        "queue_type",
                        "rabbit_classic_queue");
            }
            scrape.value("rabbitmq_message_size_bytes_bucket", "protocol", "amqp091", "le", "100");
            assertThat(scrape.types()).containsEntry("rabbitmq_message_size_bytes", "histogram");
            assertThat(scrape.value("rabbitmq_build_info", "rabbitmq_version", "embedded"))
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"aggregated", "per-object", "detailed"})
    void every_endpoint_tells_who_it_is(String endpoint) throws Exception {
        String path = endpoint.equals("aggregated") ? "/metrics" : "/metrics/" + endpoint;
        try (RunningBroker broker = RunningBroker.start()) {
            Scrape scrape = Scrape.of(broker.metrics(path));
            assertThat(scrape.value("rabbitmq_identity_info", "rabbitmq_endpoint", endpoint))
                    .isEqualTo(1);
            assertThat(scrape.samples())
                    .filteredOn(sample -> sample.name().equals("rabbitmq_identity_info"))
                    .singleElement()
                    .satisfies(sample ->
                            assertThat(sample.labels())
                                    .containsKeys("rabbitmq_node", "rabbitmq_cluster"));
        }
    }
}
