package io.chasqui.server.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import io.chasqui.server.testing.ManagementClient;
import io.chasqui.server.testing.RunningBroker;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Exchanges, queues and bindings over HTTP, as RabbitMQ 4.3.6 answers. */
class TopologyOverHttpTest {

    private static final Map<String, Object> DURABLE = Map.of("durable", true);

    private RunningBroker broker;
    private ManagementClient guest;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.withEventLoops(2);
        guest = ManagementClient.of(broker);
    }

    @AfterEach
    void stop() throws Exception {
        guest.close();
        broker.close();
    }

    @Test
    void a_queue_is_declared_described_and_deleted() throws Exception {
        Map<String, Object> declared =
                Map.of("durable", "true", "arguments", Map.of("x-message-ttl", 60_000));
        assertThat(guest.put("queues/%2F/a%2Fb", declared).status()).isEqualTo(201);
        assertThat(guest.put("queues/%2F/a%2Fb", declared).status()).isEqualTo(204);
        assertThat(guest.get("queues/%2F/a%2Fb").object())
                .containsEntry("name", "a/b")
                .containsEntry("vhost", "/")
                .containsEntry("type", "classic")
                .containsEntry("durable", true)
                .containsEntry("auto_delete", false)
                .containsEntry("exclusive", false)
                .containsEntry(
                        "arguments", Map.of("x-message-ttl", 60_000, "x-queue-type", "classic"))
                .containsEntry("state", "running")
                .containsEntry("consumers", 0)
                .containsEntry("messages", 0)
                .containsEntry("messages_ready_details", Map.of("rate", 0.0));
        assertThat(guest.put("queues/%2F/a%2Fb", Map.of()).refusal())
                .startsWith("400 bad_request: inequivalent arg 'durable' for queue 'a/b'");
        assertThat(guest.delete("queues/%2F/a%2Fb").status()).isEqualTo(204);
        assertThat(guest.delete("queues/%2F/a%2Fb").refusal())
                .isEqualTo("404 Object Not Found: Not Found");
    }

    @Test
    void a_queues_body_must_make_sense() throws Exception {
        assertThat(guest.put("queues/%2F/q", Map.of("durable", "maybe")).refusal())
                .isEqualTo("400 bad_request: [not_boolean, maybe]");
        assertThat(guest.send("PUT", "queues/%2F/q", "{\"a\"").refusal())
                .isEqualTo("400 bad_request: not_json");
        assertThat(guest.put("queues/%2F/q", Map.of("node", "x")).refusal())
                .isEqualTo("400 bad_request: Node x is not a cluster member");
        assertThat(guest.put("queues/%2F/amq.x", Map.of()).refusal())
                .isEqualTo("401 not_authorised: Access refused.");
        assertThat(guest.put("queues/none/q", Map.of()).refusal())
                .isEqualTo("404 not_found: vhost_not_found");
        assertThat(guest.get("queues/none").refusal()).isEqualTo("404 Object Not Found: Not Found");
    }

    @Test
    void a_queue_that_is_not_empty_or_in_use_is_kept_if_so_asked() throws Exception {
        guest.put("queues/%2F/q", DURABLE);
        Channel channel = broker.connect().createChannel();
        channel.confirmSelect();
        channel.basicPublish("", "q", null, new byte[3]);
        channel.waitForConfirmsOrDie();
        assertThat(guest.get("queues/%2F/q").object())
                .containsEntry("messages", 1)
                .containsEntry("messages_ready", 1);
        assertThat(guest.delete("queues/%2F/q?if-empty=true").refusal())
                .isEqualTo("400 bad_request: queue 'q' in vhost '/' not empty");
        assertThat(guest.delete("queues/%2F/q/contents").status()).isEqualTo(204);
        assertThat(guest.get("queues/%2F/q").object()).containsEntry("messages", 0);
        channel.basicConsume("q", (tag, message) -> {}, tag -> {});
        assertThat(guest.delete("queues/%2F/q?if-unused=true").refusal())
                .isEqualTo("400 bad_request: queue 'q' in vhost '/' in use");
        assertThat(guest.delete("queues/%2F/none/contents").status()).isEqualTo(404);
    }

    @Test
    void queues_are_listed_by_page_and_pattern() throws Exception {
        for (String name : List.of("b", "a1", "a2")) {
            guest.put("queues/%2F/" + name, DURABLE);
        }
        assertThat(
                        guest.get("queues?page=1&page_size=1&name=%5Ea&use_regex=true&columns=name")
                                .body())
                .isEqualTo(
                        "{\"filtered_count\":2,\"item_count\":1,\"items\":[{\"name\":\"a1\"}],"
                                + "\"page\":1,\"page_count\":2,\"page_size\":1,\"total_count\":3}");
        assertThat(guest.get("queues/%2F").list().getFirst())
                .containsKey("message_stats")
                .doesNotContainKey("policy");
        assertThat(guest.get("queues/%2F/b").object()).containsKey("name");
        assertThat(
                        guest.get("queues/%2F?disable_stats=true&enable_queue_totals=true")
                                .list()
                                .getFirst())
                .containsEntry("messages", 0)
                .doesNotContainKey("message_stats");
    }

    @Test
    void an_exchange_is_declared_described_and_deleted() throws Exception {
        Map<String, Object> topic = Map.of("type", "topic", "durable", true);
        assertThat(guest.put("exchanges/%2F/x", topic).status()).isEqualTo(201);
        assertThat(guest.put("exchanges/%2F/x", topic).status()).isEqualTo(204);
        assertThat(guest.get("exchanges/%2F/x").object())
                .containsEntry("type", "topic")
                .containsEntry("durable", true)
                .containsEntry("internal", false);
        assertThat(guest.put("exchanges/%2F/x", Map.of("durable", true)).refusal())
                .isEqualTo(
                        "400 bad_request: inequivalent arg 'type' for exchange 'x' in vhost '/':"
                                + " received 'direct' but current is 'topic'");
        assertThat(guest.put("exchanges/%2F/y", Map.of("type", "nope")).refusal())
                .isEqualTo("400 bad_request: unknown exchange type 'nope'");
        assertThat(guest.delete("exchanges/%2F/amq.direct").refusal())
                .isEqualTo("401 not_authorised: Access refused.");
        guest.put("queues/%2F/q", DURABLE);
        guest.post("bindings/%2F/e/x/q/q", Map.of());
        assertThat(guest.delete("exchanges/%2F/x?if-unused=true").refusal())
                .isEqualTo("400 bad_request: exchange 'x' in vhost '/' in use");
        assertThat(guest.delete("exchanges/%2F/x").status()).isEqualTo(204);
        assertThat(guest.get("exchanges/%2F/x").status()).isEqualTo(404);
        assertThat(guest.get("exchanges/%2F/amq.default").object()).containsEntry("name", "");
    }

    @Test
    void a_bindings_properties_key_is_encoded_once_more_in_its_path() throws Exception {
        guest.put("exchanges/%2F/x", Map.of("type", "topic"));
        guest.put("queues/%2F/q", Map.of());
        ManagementClient.Answer bound =
                guest.post("bindings/%2F/e/x/q/q", Map.of("routing_key", "a.#"));
        assertThat(bound.status()).isEqualTo(201);
        assertThat(bound.header("Location")).isEqualTo("q/a.%2523");
        assertThat(guest.post("bindings/%2F/e/x/q/q", Map.of()).header("Location"))
                .isEqualTo("q/~");
        assertThat(
                        guest.post("bindings/%2F/e/x/e/amq.fanout", Map.of("routing_key", "a/b c"))
                                .header("Location"))
                .isEqualTo("amq.fanout/a%252Fb%2Bc");
        assertThat(guest.get("bindings/%2F/e/x/q/q").list())
                .extracting(binding -> binding.get("properties_key"))
                .containsExactly("~", "a.%23");
        assertThat(guest.get("bindings/%2F/e/x/q/q/a.%2523").object())
                .containsEntry("routing_key", "a.#")
                .containsEntry("destination_type", "queue");
        assertThat(guest.get("bindings/%2F/e/x/q/q/a.%23").status()).isEqualTo(200);
        assertThat(guest.delete("bindings/%2F/e/x/q/q/a.%2523").status()).isEqualTo(204);
        assertThat(guest.delete("bindings/%2F/e/x/q/q/~").status()).isEqualTo(204);
        assertThat(guest.delete("bindings/%2F/e/x/q/q/~").status()).isEqualTo(404);
        assertThat(guest.get("exchanges/%2F/x/bindings/source").list()).hasSize(1);
        assertThat(guest.get("exchanges/%2F/amq.fanout/bindings/destination").list()).hasSize(1);
        assertThat(guest.delete("bindings/%2F/e/x/e/amq.fanout/a%252Fb%2Bc").status())
                .isEqualTo(204);
    }

    @Test
    void bindings_that_differ_in_their_arguments_alone_are_told_apart() throws Exception {
        guest.put("queues/%2F/q", Map.of());
        String path = "bindings/%2F/e/amq.headers/q/q";
        String one =
                guest.post(path, Map.of("routing_key", "k", "arguments", Map.of("a", 1)))
                        .header("Location");
        String other =
                guest.post(path, Map.of("routing_key", "k", "arguments", Map.of("a", 2)))
                        .header("Location");
        assertThat(one).startsWith("q/k~").isNotEqualTo(other);
        assertThat(guest.delete("bindings/%2F/e/amq.headers/q/" + one).status()).isEqualTo(204);
        assertThat(guest.get(path).list())
                .extracting(binding -> binding.get("arguments"))
                .containsExactly(Map.of("a", 2));
    }

    @Test
    void every_queue_is_bound_to_the_default_exchange() throws Exception {
        guest.put("queues/%2F/q", Map.of());
        assertThat(guest.get("queues/%2F/q/bindings").list())
                .containsExactly(
                        Map.of(
                                "source", "",
                                "vhost", "/",
                                "destination", "q",
                                "destination_type", "queue",
                                "routing_key", "q",
                                "arguments", Map.of(),
                                "properties_key", "q"));
        assertThat(guest.get("bindings/%2F/e//q/q").list()).hasSize(1);
        assertThat(guest.get("bindings").list()).hasSize(1);
        assertThat(guest.post("bindings/%2F/e//q/q", Map.of()).refusal())
                .isEqualTo("401 not_authorised: Access refused.");
        assertThat(guest.post("bindings/%2F/e/none/q/q", Map.of()).refusal())
                .isEqualTo("404 not_found: no exchange 'none' in vhost '/'");
        assertThat(guest.post("bindings/%2F/e/amq.direct/q/none", Map.of()).refusal())
                .isEqualTo("404 not_found: no queue 'none' in vhost '/'");
    }
}
