package io.chasqui.server.definitions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.chasqui.core.definition.PolicyKind;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Json;
import io.chasqui.server.testing.RunningBroker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Definitions files go in and come out again. */
class DefinitionsTest {

    private static final List<String> LISTS =
            List.of(
                    "vhosts",
                    "permissions",
                    "topic_permissions",
                    "parameters",
                    "global_parameters",
                    "policies",
                    "queues",
                    "exchanges",
                    "bindings");

    private RunningBroker broker;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private static Map<String, Object> ofRabbit() throws IOException, HttpRefusal {
        try (InputStream in =
                DefinitionsTest.class.getResourceAsStream("/definitions-rabbitmq-4.3.6.json")) {
            return Json.readObject(in.readAllBytes());
        }
    }

    /** As it comes out of the file that it is written to. */
    private Map<String, Object> exported() throws HttpRefusal {
        return Json.readObject(Json.write(new DefinitionExport(broker.broker(), "1").all()));
    }

    private long load(Map<String, ?> document) {
        return DefinitionImport.all(broker.broker(), document);
    }

    private static List<Map<?, ?>> list(Map<String, ?> document, String name) {
        List<Map<?, ?>> entries = new ArrayList<>();
        if (document.get(name) instanceof List<?> all) {
            for (Object each : all) {
                if (each instanceof Map<?, ?> object) {
                    entries.add(object);
                }
            }
        }
        return entries;
    }

    private static Map<?, ?> named(Map<String, ?> document, String list, String name) {
        return list(document, list).stream()
                .filter(entry -> name.equals(entry.get("name")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_file_of_rabbitmq_comes_out_as_it_went_in() throws Exception {
        Map<String, Object> file = ofRabbit();
        load(file);
        Map<String, Object> out = exported();
        for (String list : LISTS) {
            List<Map<?, ?>> expected = new ArrayList<>(list(file, list));
            if (list.equals("policies")) {
                expected.removeIf(policy -> !"orders".equals(policy.get("name")));
            }
            assertThat(list(out, list)).as(list).containsAll(expected);
        }
        assertThat(named(out, "users", "imported")).isEqualTo(named(file, "users", "imported"));
        assertThat(list(out, "queues")).hasSize(2);
        assertThat(list(out, "exchanges")).hasSize(2);
        assertThat(list(out, "bindings")).hasSize(3);
    }

    @Test
    void keys_of_mirroring_are_left_out() throws Exception {
        load(ofRabbit());
        Map<String, Object> out = exported();
        assertThat(list(out, "policies"))
                .extracting(policy -> String.valueOf(policy.get("name")))
                .containsExactlyInAnyOrder("orders", "mixed");
        assertThat(named(out, "policies", "mixed").get("definition"))
                .isEqualTo(Map.of("expires", 86_400_000));
    }

    @Test
    void a_second_time_changes_nothing() throws Exception {
        load(ofRabbit());
        Map<String, Object> first = exported();
        VirtualHost shop = broker.broker().vhosts().existing("shop");
        long version = shop.routing().version();
        load(ofRabbit());
        assertThat(exported()).isEqualTo(first);
        assertThat(shop.routing().version()).isEqualTo(version);
        broker.restart();
        assertThat(exported()).isEqualTo(first);
    }

    @Test
    void what_came_in_works() throws Exception {
        load(ofRabbit());
        ConnectionFactory factory = broker.factory();
        factory.setUsername("imported");
        factory.setPassword("p");
        factory.setVirtualHost("shop");
        try (Connection connection = broker.connect(factory);
                Channel channel = connection.createChannel()) {
            channel.basicPublish("events", "imported.x", null, new byte[1]);
            channel.queueBind("orders", "events", "imported.*");
            channel.basicPublish("events", "imported.y", null, new byte[1]);
            assertThat(channel.messageCount("orders")).isEqualTo(1);
        }
        VirtualHost shop = broker.broker().vhosts().existing("shop");
        assertThat(shop.policies().of(shop.queue("orders")).definition().integer("max-length"))
                .hasValue(3000);
    }

    @Test
    void our_own_hashes_come_back_and_say_nothing_to_rabbitmq() throws Exception {
        Map<String, Object> out = exported();
        Map<?, ?> guest = named(out, "users", "guest");
        assertThat(guest.get("password_hash")).isEqualTo("");
        try (RunningBroker other = RunningBroker.with(Map.of("default-user.name", "someone"))) {
            DefinitionImport.all(other.broker(), out);
            try (Connection connection = other.connect(other.factory())) {
                assertThat(connection.isOpen()).isTrue();
            }
        }
    }

    @Test
    void exclusive_queues_and_what_is_bound_to_them_stay_behind() throws Exception {
        try (Connection connection = broker.connect();
                Channel channel = connection.createChannel()) {
            channel.queueDeclare("mine", false, true, false, Map.of());
            channel.queueBind("mine", "amq.topic", "k");
            channel.queueDeclare("ours", false, false, false, Map.of());
            Map<String, Object> out = exported();
            assertThat(list(out, "queues"))
                    .extracting(queue -> String.valueOf(queue.get("name")))
                    .containsExactly("ours");
            assertThat(list(out, "bindings")).isEmpty();
        }
    }

    @Test
    void a_virtual_host_moves_to_another() throws Exception {
        load(ofRabbit());
        VirtualHost shop = broker.broker().vhosts().existing("shop");
        Map<String, Object> out =
                Json.readObject(Json.write(new DefinitionExport(broker.broker(), "1").of(shop)));
        assertThat(out.get("rabbitmq_definition_format")).isEqualTo("single_virtual_host");
        broker.broker().administration().addVirtualHost("copy");
        VirtualHost copy = broker.broker().vhosts().existing("copy");
        DefinitionImport.into(broker.broker(), copy, out);
        Map<String, @Nullable Object> copied = new DefinitionExport(broker.broker(), "1").of(copy);
        copied.put("original_vhost_name", "shop");
        assertThat(Json.readObject(Json.write(copied))).isEqualTo(out);
        assertThat(copy.policies().find(PolicyKind.OPERATOR, "ceiling")).isNotNull();
    }

    @Test
    void what_is_there_stays_as_it_is() throws Exception {
        load(ofRabbit());
        load(
                Map.of(
                        "queues",
                        List.of(
                                Map.of(
                                        "vhost",
                                        "shop",
                                        "name",
                                        "orders",
                                        "durable",
                                        false,
                                        "arguments",
                                        Map.of())),
                        "exchanges",
                        List.of(Map.of("vhost", "shop", "name", "events", "type", "direct"))));
        assertThat(named(exported(), "queues", "orders").get("durable")).isEqualTo(true);
        assertThat(named(exported(), "exchanges", "events").get("type")).isEqualTo("topic");
    }

    private void refused(String list, Map<String, ?> entry, String text) {
        assertThatThrownBy(() -> load(Map.of(list, List.of(entry))))
                .isInstanceOf(Refusal.class)
                .hasMessage(text);
    }

    @Test
    void what_cannot_be_made_is_named_as_rabbitmq_names_it() {
        refused(
                "queues",
                Map.of("vhost", "/", "name", "q", "arguments", Map.of("x-max-length", -1)),
                "precondition_failed: invalid arg 'x-max-length' for queue 'q' in vhost '/':"
                        + " {value_negative,-1}");
        refused(
                "queues",
                Map.of("vhost", "nosuch", "name", "q"),
                "Please create virtual host \"nosuch\" prior to importing definitions.");
        refused(
                "exchanges",
                Map.of("vhost", "/", "name", "x", "type", "nosuch"),
                "precondition_failed: unknown exchange type 'nosuch'");
        refused(
                "policies",
                Map.of(
                        "vhost",
                        "/",
                        "name",
                        "p",
                        "pattern",
                        "a",
                        "definition",
                        Map.of("max-length", -1)),
                "Validation failed\n\n-1 is not a valid maximum length\n (vhost: \"/\" key: \"p\")");
        refused(
                "parameters",
                Map.of(
                        "vhost",
                        "/",
                        "component",
                        "vhost-limits",
                        "name",
                        "limits",
                        "value",
                        Map.of("nosuch", 1)),
                "Validation failed\n\nUnrecognised terms [{<<\"nosuch\">>,1}] in limits\n"
                        + " (vhost: \"/\" / component: \"vhost-limits\" / key: \"limits\")");
        refused("queues", Map.of("vhost", "/"), "the queue has no valid field 'name'");
    }

    @Test
    void a_file_is_loaded_at_every_start(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("definitions.json");
        Files.writeString(
                file,
                """
                {"vhosts": [{"name": "given"}],
                 "queues": [{"vhost": "given", "name": "q", "durable": true, "arguments": {}}]}
                """,
                UTF_8);
        try (RunningBroker with = RunningBroker.with(Map.of("definitions.file", file.toString()))) {
            assertThat(with.broker().vhosts().existing("given").queue("q")).isNotNull();
            Files.writeString(file, "{\"vhosts\": [{\"name\": \"later\"}]}", UTF_8);
            with.restart();
            assertThat(with.broker().vhosts().existing("given").queue("q")).isNotNull();
            assertThat(with.broker().vhosts().find("later")).isNotNull();
        }
        Files.writeString(file, "{\"queues\": [{\"vhost\": \"nosuch\", \"name\": \"q\"}]}", UTF_8);
        assertThatThrownBy(() -> RunningBroker.with(Map.of("definitions.file", file.toString())))
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("Please create virtual host");
    }
}
