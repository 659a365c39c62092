package io.chasqui.server.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import io.chasqui.server.testing.ManagementClient;
import io.chasqui.server.testing.RunningBroker;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Publishing and getting over HTTP, as RabbitMQ 4.3.6 answers. */
class MessagesOverHttpTest {

    private static final String DEFAULT = "exchanges/%2F/amq.default/publish";

    private RunningBroker broker;
    private ManagementClient guest;
    private Channel channel;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.withEventLoops(2);
        guest = ManagementClient.of(broker);
        channel = broker.connect().createChannel();
        channel.queueDeclare("q", true, false, false, null);
    }

    @AfterEach
    void stop() throws Exception {
        guest.close();
        broker.close();
    }

    private static Map<String, Object> message(String key, String payload) {
        return message(key, payload, "string", Map.of());
    }

    private static Map<String, Object> message(
            String key, String payload, String encoding, Map<String, Object> properties) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("routing_key", key);
        message.put("payload", payload);
        message.put("payload_encoding", encoding);
        message.put("properties", properties);
        return message;
    }

    @Test
    void what_a_full_queue_does_not_take_is_told() throws Exception {
        Map<String, Object> full =
                Map.of(
                        "durable",
                        true,
                        "arguments",
                        Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
        guest.put("queues/%2F/full", full);
        assertThat(guest.post(DEFAULT, message("full", "x")).body()).isEqualTo("{\"routed\":true}");
        assertThat(guest.post(DEFAULT, message("full", "x")).refusal())
                .isEqualTo(
                        "400 bad_request: rejected Unable to publish message. Check queue limits.");
        assertThat(guest.post("queues/%2F/full/get", get(2, "ack_requeue_false")).list())
                .hasSize(1);
        assertThat(guest.post(DEFAULT, message("full", "x")).body()).isEqualTo("{\"routed\":true}");
    }

    @Test
    void what_comes_again_from_a_quorum_queue_tells_how_often() throws Exception {
        Map<String, Object> quorum =
                Map.of("durable", true, "arguments", Map.of("x-queue-type", "quorum"));
        guest.put("queues/%2F/qq", quorum);
        guest.post(DEFAULT, message("qq", "x"));
        assertThat(headersAfter("reject_requeue_true")).isNull();
        assertThat(headersAfter("ack_requeue_true"))
                .isEqualTo(Map.of("x-acquired-count", 1, "x-delivery-count", 1));
        assertThat(headersAfter("ack_requeue_false"))
                .isEqualTo(Map.of("x-acquired-count", 2, "x-delivery-count", 1));
    }

    private @Nullable Object headersAfter(String ackmode) throws Exception {
        Map<String, Object> got =
                guest.post("queues/%2F/qq/get", get(1, ackmode)).list().getFirst();
        return got.get("properties") instanceof Map<?, ?> properties
                ? properties.get("headers")
                : null;
    }

    private static Map<String, Object> get(int count, String ackmode) {
        return Map.of("count", count, "ackmode", ackmode, "encoding", "auto");
    }

    @Test
    void a_message_reaches_its_queue_with_all_its_properties() throws Exception {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("content_type", "text/plain");
        properties.put("headers", Map.of("a", 1, "b", List.of("x", true), "c", Map.of("d", 1.5)));
        properties.put("delivery_mode", 2);
        properties.put("priority", 3);
        properties.put("correlation_id", "c");
        properties.put("expiration", "100000");
        properties.put("timestamp", 12345);
        properties.put("user_id", "guest");
        assertThat(guest.post(DEFAULT, message("q", "héllo", "string", properties)).body())
                .isEqualTo("{\"routed\":true}");
        assertThat(guest.post("queues/%2F/q/get", get(1, "ack_requeue_true")).list())
                .containsExactly(
                        Map.of(
                                "payload_bytes",
                                6,
                                "redelivered",
                                false,
                                "exchange",
                                "",
                                "routing_key",
                                "q",
                                "message_count",
                                0,
                                "properties",
                                properties,
                                "payload",
                                "héllo",
                                "payload_encoding",
                                "string"));
        GetResponse got = channel.basicGet("q", true);
        BasicProperties seen = got.getProps();
        assertThat(got.getEnvelope().isRedeliver()).isTrue();
        assertThat(seen.getHeaders()).containsEntry("a", 1L);
        assertThat(seen.getPriority()).isEqualTo(3);
        assertThat(new String(got.getBody(), "UTF-8")).isEqualTo("héllo");
    }

    @Test
    void a_message_without_a_queue_is_not_routed() throws Exception {
        assertThat(guest.post(DEFAULT, message("nowhere", "x")).body())
                .isEqualTo("{\"routed\":false}");
    }

    @Test
    void octets_go_both_ways_in_base64() throws Exception {
        guest.post(DEFAULT, message("q", "/wA=", "base64", Map.of()));
        byte[] body = channel.basicGet("q", false).getBody();
        assertThat(body).containsExactly(0xFF, 0);
        channel.basicRecover(true);
        assertThat(guest.post("queues/%2F/q/get", get(1, "ack_requeue_true")).list().getFirst())
                .containsEntry("payload", "/wA=")
                .containsEntry("payload_encoding", "base64")
                .containsEntry("properties", List.of());
    }

    @Test
    void a_body_larger_than_a_record_of_the_log_is_kept_in_parts() throws Exception {
        char[] large = new char[9 << 20];
        Arrays.fill(large, 'x');
        guest.post(DEFAULT, message("q", new String(large)));
        Map<String, Object> cut =
                Map.of(
                        "count",
                        1,
                        "ackmode",
                        "ack_requeue_true",
                        "encoding",
                        "auto",
                        "truncate",
                        5);
        assertThat(guest.post("queues/%2F/q/get", cut).list().getFirst())
                .containsEntry("payload", "xxxxx")
                .containsEntry("payload_bytes", 9 << 20);
        assertThat(channel.basicGet("q", true).getBody()).hasSize(9 << 20);
    }

    @Test
    void several_messages_are_taken_once_each_and_in_order() throws Exception {
        for (String payload : List.of("1", "2", "3")) {
            guest.post(DEFAULT, message("q", payload));
        }
        for (int round = 0; round < 2; round++) {
            assertThat(guest.post("queues/%2F/q/get", get(10, "reject_requeue_true")).list())
                    .extracting(each -> each.get("payload"), each -> each.get("message_count"))
                    .containsExactly(tuple("1", 2), tuple("2", 1), tuple("3", 0));
        }
        assertThat(guest.post("queues/%2F/q/get", get(2, "ack_requeue_false")).list()).hasSize(2);
        assertThat(guest.post("queues/%2F/q/get", get(2, "reject_requeue_false")).list())
                .hasSize(1);
        assertThat(guest.post("queues/%2F/q/get", get(1, "ack_requeue_true")).body())
                .isEqualTo("[]");
    }

    @Test
    void what_cannot_be_published_is_refused_in_rabbitmqs_words() throws Exception {
        assertThat(guest.post("exchanges/%2F/none/publish", message("q", "x")).refusal())
                .isEqualTo("404 not_found: exchange_not_found");
        assertThat(guest.post(DEFAULT, message("q", "x", "rot13", Map.of())).refusal())
                .isEqualTo("400 bad_request: [unsupported_encoding, rot13]");
        assertThat(guest.post(DEFAULT, message("q", "!!", "base64", Map.of())).refusal())
                .isEqualTo("400 bad_request: [not_base64, !!]");
        assertThat(guest.post(DEFAULT, Map.of("routing_key", "q")).refusal())
                .isEqualTo(
                        "400 bad_request: [{key_missing,properties},\n {key_missing,payload},\n"
                                + " {key_missing,payload_encoding}]");
        assertThat(
                        guest.post(DEFAULT, message("q", "x", "string", Map.of("user_id", "x")))
                                .refusal())
                .isEqualTo(
                        "400 bad_request: 406 PRECONDITION_FAILED - user_id property set to 'x' but"
                                + " authenticated user was 'guest'");
        assertThat(
                        guest.post(
                                        DEFAULT,
                                        message("q", "x", "string", Map.of("delivery_mode", "x")))
                                .refusal())
                .isEqualTo("400 bad_request: [not_int, delivery_mode]");
        guest.put("exchanges/%2F/inner", Map.of("internal", true));
        assertThat(guest.post("exchanges/%2F/inner/publish", message("q", "x")).refusal())
                .isEqualTo(
                        "400 bad_request: 403 ACCESS_REFUSED - cannot publish to internal exchange"
                                + " 'inner' in vhost '/'");
    }

    @Test
    void what_cannot_be_got_is_refused_in_rabbitmqs_words() throws Exception {
        assertThat(guest.post("queues/%2F/none/get", get(1, "ack_requeue_true")).refusal())
                .isEqualTo("404 not_found: queue_not_found");
        assertThat(guest.post("queues/%2F/q/get", get(1, "x")).refusal())
                .startsWith("400 bad_request: Invalid ackmode value: x. Valid values are: ack_");
        assertThat(guest.post("queues/%2F/q/get", Map.of()).refusal())
                .isEqualTo(
                        "400 bad_request:"
                                + " [{key_missing,ackmode},{key_missing,count},{key_missing,encoding}]");
        assertThat(
                        guest.post(
                                        "queues/%2F/q/get",
                                        Map.of(
                                                "count", 1,
                                                "ackmode", "ack_requeue_true",
                                                "encoding", "x"))
                                .refusal())
                .isEqualTo("400 bad_request: Unsupported encoding. Please use auto or base64.");
    }
}
