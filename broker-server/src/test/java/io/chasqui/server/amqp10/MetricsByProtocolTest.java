package io.chasqui.server.amqp10;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import io.chasqui.server.testing.Amqp10Peer;
import io.chasqui.server.testing.RunningBroker;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.apache.qpid.proton.amqp.transport.Transfer;
import org.junit.jupiter.api.Test;

/** What RabbitMQ tells by protocol. */
class MetricsByProtocolTest {

    static String scraped(RunningBroker broker) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(broker.metrics("/metrics")).build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    @Test
    void what_each_protocol_does_is_told_apart() throws Exception {
        try (RunningBroker broker = RunningBroker.start();
                Amqp10Peer peer = Amqp10Peer.connect(broker.port())) {
            Channel channel = broker.connect().createChannel();
            channel.queueDeclare("q", true, false, false, Map.of());
            channel.basicPublish("", "q", null, "one".getBytes(UTF_8));
            peer.logsIn().begins().attachesSender(0, "/queues/q");
            peer.publishes(0, Messages.data("two"));
            peer.publishes(0, Messages.data("x".repeat(2000)));
            peer.attachesReceiver(1, "/queues/q", 1).awaits(Transfer.class);
            eventually(() ->
                    assertThat(scraped(broker).lines())
                            .contains(
                                    "rabbitmq_global_messages_received_total{protocol=\"amqp091\"} 1",
                                    "rabbitmq_global_messages_received_total{protocol=\"amqp10\"} 2",
                                    "rabbitmq_global_messages_received_confirm_total{protocol=\"amqp10\"}"
                                            + " 2",
                                    "rabbitmq_global_messages_confirmed_total{protocol=\"amqp10\"} 2",
                                    "rabbitmq_global_messages_routed_total{protocol=\"amqp10\"} 2",
                                    "rabbitmq_global_publishers{protocol=\"amqp10\"} 1",
                                    "rabbitmq_global_consumers{protocol=\"amqp10\"} 1",
                                    "rabbitmq_global_consumers{protocol=\"amqp091\"} 0",
                                    "rabbitmq_message_size_bytes_count{protocol=\"amqp091\"} 1",
                                    "rabbitmq_message_size_bytes_count{protocol=\"amqp10\"} 2")
                            .anyMatch(line ->
                                    line.startsWith(
                                                    "rabbitmq_global_messages_delivered_consume_manual_ack_total{protocol=\"amqp10\"")
                                            && line.endsWith(" 1")));
        }
    }
}
