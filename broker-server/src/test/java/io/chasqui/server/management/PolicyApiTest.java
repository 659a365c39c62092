package io.chasqui.server.management;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.chasqui.server.testing.RunningBroker;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Policies, parameters, limits, topic permissions and definitions over HTTP, as RabbitMQ answers. */
class PolicyApiTest {

    private final HttpClient http = HttpClient.newHttpClient();
    private RunningBroker broker;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
    }

    @AfterEach
    void stop() throws Exception {
        http.close();
        broker.close();
    }

    private String asked(String method, String path, String body, String type)
            throws IOException, InterruptedException {
        String credentials = Base64.getEncoder().encodeToString("guest:guest".getBytes(UTF_8));
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(broker.http("/api" + path))
                                .method(method, BodyPublishers.ofString(body))
                                .header("Authorization", "Basic " + credentials)
                                .header("Content-Type", type)
                                .build(),
                        BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }

    private String asked(String method, String path, String body) throws Exception {
        return asked(method, path, body, "application/json");
    }

    private String get(String path) throws Exception {
        return asked("GET", path, "");
    }

    private String put(String path, String body) throws Exception {
        return asked("PUT", path, body);
    }

    private String delete(String path) throws Exception {
        return asked("DELETE", path, "");
    }

    private static String bad(String reason) {
        return "400 {\"error\":\"bad_request\",\"reason\":\"" + reason + "\"}";
    }

    private static final String NOT_FOUND =
            "404 {\"error\":\"Object Not Found\",\"reason\":\"Not Found\"}";

    @Test
    void the_default_exchange_has_no_alternate_whatever_a_policy_says() throws Exception {
        String policy = "{\"pattern\":\"\",\"definition\":{\"alternate-exchange\":\"amq.fanout\"}}";
        assertThat(asked("PUT", "/policies/%2F/all", policy)).startsWith("201");
        try (Connection connection = broker.connect()) {
            Channel channel = connection.createChannel();
            channel.queueDeclare("q", true, false, false, Map.of());
            channel.queueBind("q", "amq.fanout", "");
            channel.confirmSelect();
            channel.basicPublish("", "nobody", null, new byte[0]);
            channel.basicPublish("amq.direct", "nobody", null, new byte[0]);
            assertThat(channel.waitForConfirms(20_000)).isTrue();
            assertThat(channel.messageCount("q")).isEqualTo(1);
        }
    }

    @Test
    void a_policy_is_put_shown_and_taken_away() throws Exception {
        String path = "/policies/%2F/p";
        assertThat(put(path, "{\"pattern\":\"^q\",\"definition\":{\"max-length\":1}}"))
                .isEqualTo("201 ");
        assertThat(put(path, "{\"pattern\":\"^q\",\"definition\":{\"max-length\":2}}"))
                .isEqualTo("204 ");
        String shown =
                "{\"vhost\":\"/\",\"name\":\"p\",\"pattern\":\"^q\",\"apply-to\":\"all\","
                        + "\"definition\":{\"max-length\":2},\"priority\":0}";
        assertThat(get(path)).isEqualTo("200 " + shown);
        assertThat(get("/policies")).isEqualTo("200 [" + shown + "]");
        assertThat(get("/policies/%2F")).isEqualTo("200 [" + shown + "]");
        assertThat(get("/operator-policies")).isEqualTo("200 []");
        assertThat(delete(path)).isEqualTo("204 ");
        assertThat(delete(path)).isEqualTo(NOT_FOUND);
        assertThat(get(path)).isEqualTo(NOT_FOUND);
    }

    @Test
    void a_policy_that_is_none_is_refused() throws Exception {
        assertThat(put("/policies/%2F/p", "{}"))
                .isEqualTo(bad("[{key_missing,pattern},{key_missing,definition}]"));
        assertThat(put("/policies/%2F/p", "{\"pattern\":\"a\",\"definition\":{\"max-length\":-1}}"))
                .isEqualTo(bad("Validation failed\\n\\n-1 is not a valid maximum length\\n"));
        assertThat(put("/policies/nosuch/p", "{\"pattern\":\"a\",\"definition\":{}}"))
                .isEqualTo("404 {\"error\":\"not_found\",\"reason\":\"vhost_not_found\"}");
    }

    @Test
    void a_policy_counts_for_a_queue_in_use_and_after_a_restart() throws Exception {
        Connection connection = broker.connect();
        Channel channel = connection.createChannel();
        channel.queueDeclare("q", true, false, false, Map.of());
        channel.basicPublish("", "q", null, new byte[1]);
        eventually(() -> assertThat(channel.messageCount("q")).isEqualTo(1));
        put("/policies/%2F/p", "{\"pattern\":\"^q\",\"definition\":{\"message-ttl\":0}}");
        eventually(() -> assertThat(channel.messageCount("q")).isZero());
        broker.restart();
        try (Connection again = broker.connect();
                Channel other = again.createChannel()) {
            other.basicPublish("", "q", null, new byte[1]);
            assertThat(other.messageCount("q")).isZero();
        }
    }

    @Test
    void limits_of_virtual_hosts() throws Exception {
        assertThat(put("/vhost-limits/%2F/max-queues", "{\"value\":5}")).isEqualTo("204 ");
        assertThat(get("/vhost-limits"))
                .isEqualTo("200 [{\"vhost\":\"/\",\"value\":{\"max-queues\":5}}]");
        assertThat(put("/vhost-limits/%2F/max-queues", "{\"value\":\"a\"}"))
                .isEqualTo(
                        bad(
                                "Validation failed\\n\\nmax-queues should be a number, actually was"
                                        + " <<\\\"a\\\">>\\n"));
        assertThat(put("/vhost-limits/%2F/max-queues", "{}"))
                .isEqualTo(bad("[{key_missing,value}]"));
        assertThat(get("/parameters/vhost-limits"))
                .isEqualTo(
                        "200 [{\"value\":{\"max-queues\":5},\"vhost\":\"/\",\"component\":"
                                + "\"vhost-limits\",\"name\":\"limits\"}]");
        assertThat(delete("/vhost-limits/%2F/max-queues")).isEqualTo("204 ");
        assertThat(delete("/vhost-limits/%2F/max-queues")).isEqualTo("204 ");
        assertThat(get("/vhost-limits/%2F")).isEqualTo("200 []");
    }

    @Test
    void limits_of_users() throws Exception {
        assertThat(put("/user-limits/guest/max-channels", "{\"value\":5}")).isEqualTo("204 ");
        assertThat(get("/user-limits/guest"))
                .isEqualTo("200 [{\"user\":\"guest\",\"value\":{\"max-channels\":5}}]");
        assertThat(put("/user-limits/guest/nosuch", "{\"value\":1}"))
                .isEqualTo(bad("Unrecognised terms [{<<\\\"nosuch\\\">>,1}] in user-limits"));
        assertThat(put("/user-limits/nosuch/max-channels", "{\"value\":1}"))
                .isEqualTo(
                        "400 {\"error\":\"bad_request\",\"reason\":[\"no_such_user\",\"nosuch\"]}");
        assertThat(delete("/user-limits/guest/max-channels")).isEqualTo("204 ");
        assertThat(get("/user-limits")).isEqualTo("200 []");
    }

    @Test
    void parameters_of_known_components_and_of_the_whole_broker() throws Exception {
        assertThat(put("/parameters/foo/%2F/n", "{\"value\":1}"))
                .isEqualTo(bad("Validation failed\\n\\ncomponent foo not found\\n"));
        assertThat(put("/parameters/policy/%2F/n", "{\"value\":1}"))
                .isEqualTo(bad("policies may not be set using this method"));
        assertThat(get("/parameters/foo")).isEqualTo("200 []");
        assertThat(get("/parameters/foo/nosuch")).isEqualTo(NOT_FOUND);
        assertThat(put("/global-parameters/g", "{\"value\":{\"a\":[1,2.5]}}")).isEqualTo("201 ");
        assertThat(put("/global-parameters/g", "{\"value\":1}")).isEqualTo("204 ");
        assertThat(get("/global-parameters/g")).isEqualTo("200 {\"name\":\"g\",\"value\":1}");
        assertThat(delete("/global-parameters/g")).isEqualTo("204 ");
        assertThat(get("/global-parameters/g")).isEqualTo(NOT_FOUND);
    }

    @Test
    void topic_permissions() throws Exception {
        String path = "/topic-permissions/%2F/guest";
        String body = "{\"exchange\":\"amq.topic\",\"write\":\"^a\",\"read\":\"^b\"}";
        assertThat(put(path, body)).isEqualTo("201 ");
        assertThat(put(path, body)).isEqualTo("204 ");
        String shown =
                "200 [{\"user\":\"guest\",\"vhost\":\"/\",\"exchange\":\"amq.topic\","
                        + "\"write\":\"^a\",\"read\":\"^b\"}]";
        assertThat(get(path)).isEqualTo(shown);
        assertThat(get("/topic-permissions")).isEqualTo(shown);
        assertThat(get("/users/guest/topic-permissions")).isEqualTo(shown);
        assertThat(put(path, "{\"exchange\":\"nosuch\",\"write\":\"\",\"read\":\"\"}"))
                .isEqualTo(
                        "400 {\"error\":\"bad_request\",\"reason\":[\"no_such_exchange\","
                                + "\"nosuch\"]}");
        assertThat(put(path, "{\"write\":\"\"}"))
                .isEqualTo(bad("[{key_missing,exchange},{key_missing,read}]"));
        assertThat(delete(path)).isEqualTo("204 ");
        assertThat(delete(path)).isEqualTo(NOT_FOUND);
    }

    @Test
    void definitions_are_exported_and_imported_as_json_and_as_a_form() throws Exception {
        assertThat(asked("POST", "/definitions", "{\"vhosts\":[{\"name\":\"a\"}]}"))
                .isEqualTo("204 ");
        String form =
                "--B\r\nContent-Disposition: form-data; name=\"redirect\"\r\n\r\n../#/import\r\n"
                        + "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n"
                        + "Content-Type: application/json\r\n\r\n{\"vhosts\":[{\"name\":\"b\"}]}"
                        + "\r\n--B--\r\n";
        assertThat(asked("POST", "/definitions", form, "multipart/form-data; boundary=B"))
                .isEqualTo("204 ");
        assertThat(get("/definitions")).contains("{\"name\":\"a\"").contains("{\"name\":\"b\"");
        String queue = "{\"queues\":[{\"name\":\"q\",\"durable\":true,\"arguments\":{}}]}";
        assertThat(asked("POST", "/definitions/a", queue)).isEqualTo("204 ");
        assertThat(get("/definitions/a")).contains("\"name\":\"q\"");
        assertThat(asked("POST", "/definitions", "{")).isEqualTo(bad("failed_to_parse_json"));
        assertThat(asked("POST", "/definitions/nosuch", "{}"))
                .isEqualTo("404 {\"error\":\"not_found\",\"reason\":\"vhost_not_found\"}");
        assertThat(get("/definitions/nosuch")).isEqualTo(bad("vhost_not_found"));
    }
}
