package io.chasqui.server.management;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import io.chasqui.server.http.Json;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Has every operation asked for by every kind of user with every permission, and writes down what a
 * broker answers: one line for an operation and a kind of user whose permissions make no
 * difference, else one for each.
 */
final class HttpMatrix implements AutoCloseable {

    static final String VHOST = "httpmatrix";

    private static final String OTHER = "httpmatrix-other";

    private static final List<String> KINDS =
            List.of(
                    "none",
                    "management",
                    "policymaker",
                    "monitoring",
                    "administrator",
                    "impersonator");

    /** Configure, write, read; no entry for the virtual host where there are none. */
    private static final Map<String, List<String>> PERMISSIONS = permissions();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI http;
    private final ConnectionFactory amqp;
    private final Map<String, String> names = new LinkedHashMap<>();
    private Connection connection;

    /** @param http where the interface is, without a path */
    HttpMatrix(URI http, int amqpPort) throws Exception {
        this.http = http;
        this.amqp = new ConnectionFactory();
        amqp.setHost(http.getHost());
        amqp.setPort(amqpPort);
        amqp.setVirtualHost(VHOST);
        amqp.setAutomaticRecoveryEnabled(false);
        names.put("V", VHOST);
        names.put("U", OTHER);
        ask("DELETE /vhosts/" + VHOST, "");
        must("PUT /vhosts/" + VHOST, "{}");
        Map<String, Object> overview = Json.readObject(must("GET /overview", "").getBytes(UTF_8));
        names.put("N", String.valueOf(overview.get("node")));
        names.put("CLUSTER", String.valueOf(overview.get("cluster_name")));
        for (HttpOperation.Undo each : HttpOperations.TOPOLOGY) {
            must(each.request(), each.body());
        }
        addUsers();
        connection = connect();
    }

    private static Map<String, List<String>> permissions() {
        Map<String, List<String>> of = new LinkedHashMap<>();
        of.put("none", List.of());
        of.put("configure", List.of(".*", "", ""));
        of.put("write", List.of("", ".*", ""));
        of.put("read", List.of("", "", ".*"));
        of.put("all", List.of(".*", ".*", ".*"));
        return of;
    }

    private static String user(String kind, String permission) {
        return "httpmatrix-" + kind + "-" + permission;
    }

    private void addUsers() throws Exception {
        for (String kind : KINDS) {
            String tag = kind.equals("none") ? "" : kind;
            for (Map.Entry<String, List<String>> permission : PERMISSIONS.entrySet()) {
                String user = user(kind, permission.getKey());
                must("PUT /users/" + user, Json.text(Map.of("password", "pw", "tags", tag)));
                List<String> of = permission.getValue();
                if (!of.isEmpty()) {
                    must(
                            "PUT /permissions/" + VHOST + "/" + user,
                            Json.text(
                                    Map.of(
                                            "configure", of.get(0),
                                            "write", of.get(1),
                                            "read", of.get(2))));
                }
            }
        }
    }

    /** A connection of guest's; it is there for the interface only after a while in RabbitMQ. */
    private Connection connect() throws Exception {
        Connection opened = amqp.newConnection();
        Channel consuming = opened.createChannel();
        consuming.basicConsume("q8", new DefaultConsumer(consuming));
        eventually(() -> {
            List<Map<String, Object>> channels =
                    Json.readObjects(
                            must("GET /vhosts/" + VHOST + "/channels", "").getBytes(UTF_8));
            assertThat(channels).hasSize(1);
            String channel = String.valueOf(channels.getFirst().get("name"));
            names.put("H", encoded(channel));
            String name = channel.substring(0, channel.lastIndexOf(" ("));
            names.put("C", encoded(name));
            assertThat(ask("GET /connections/" + encoded(name), "").statusCode()).isEqualTo(200);
        });
        return opened;
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, UTF_8).replace("+", "%20");
    }

    /** What the broker answers to all operations, a line each. */
    List<String> answers() throws Exception {
        List<String> lines = new ArrayList<>();
        for (HttpOperation operation : HttpOperations.all()) {
            for (String kind : KINDS) {
                Map<String, String> byPermission = new LinkedHashMap<>();
                for (String permission : PERMISSIONS.keySet()) {
                    byPermission.put(permission, outcome(operation, user(kind, permission)));
                }
                String first = byPermission.get("none");
                if (byPermission.values().stream().allMatch(first::equals)) {
                    lines.add(operation.name() + "\t" + kind + "\t*\t" + first);
                } else {
                    byPermission.forEach((permission, outcome) ->
                            lines.add(
                                    String.join(
                                            "\t", operation.name(), kind, permission, outcome)));
                }
            }
        }
        return lines;
    }

    private String outcome(HttpOperation operation, String user) throws Exception {
        HttpResponse<String> answer = askAs(user, "pw", operation.request(), operation.body());
        if (answer.statusCode() < 300) {
            for (HttpOperation.Undo undo : operation.undo()) {
                undo(undo);
            }
        }
        return described(answer).replace(user, "{USER}");
    }

    private void undo(HttpOperation.Undo undo) throws Exception {
        if (undo.request().equals("connect")) {
            connection.abort();
            connection = connect();
        } else {
            must(undo.request(), undo.body());
        }
    }

    /** The status; of a refusal its reason, of a list whether the virtual host is in it. */
    private static String described(HttpResponse<String> answer) throws Exception {
        int status = answer.statusCode();
        String body = answer.body();
        if (status >= 300 && body.startsWith("{")) {
            Map<String, Object> fields = Json.readObject(body.getBytes(UTF_8));
            Object reason = fields.get("reason");
            return status
                    + " "
                    + fields.get("error")
                    + ": "
                    + (reason instanceof String text
                            ? text.replace("\n", " ")
                            : Json.text(Map.of("", String.valueOf(reason))));
        }
        return status + (body.contains("\"" + VHOST + "\"") ? " of the virtual host" : "");
    }

    private String must(String request, String body) throws IOException {
        HttpResponse<String> answer = ask(request, body);
        if (answer.statusCode() >= 300) {
            throw new AssertionError(request + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    private HttpResponse<String> ask(String request, String body) throws IOException {
        return askAs("guest", "guest", request, body);
    }

    private HttpResponse<String> askAs(String user, String password, String request, String body)
            throws IOException {
        int space = request.indexOf(' ');
        byte[] credentials = (user + ":" + password).getBytes(UTF_8);
        HttpRequest sent =
                HttpRequest.newBuilder(http.resolve("/api" + filled(request.substring(space + 1))))
                        .method(
                                request.substring(0, space),
                                HttpRequest.BodyPublishers.ofString(filled(body)))
                        .header(
                                "Authorization",
                                "Basic " + Base64.getEncoder().encodeToString(credentials))
                        .header("Content-Type", "application/json")
                        .build();
        try {
            return client.send(sent, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException(request).initCause(e);
        }
    }

    private String filled(String template) {
        String text = template;
        for (Map.Entry<String, String> name : names.entrySet()) {
            text = text.replace("{" + name.getKey() + "}", name.getValue());
        }
        return text;
    }

    /** Leaves nothing behind in a broker that others use too. */
    @Override
    public void close() throws IOException {
        connection.abort();
        must("DELETE /vhosts/" + VHOST, "");
        must("DELETE /users/" + OTHER, "");
        must("DELETE /global-parameters/httpmatrix", "");
        for (String kind : KINDS) {
            for (String permission : PERMISSIONS.keySet()) {
                must("DELETE /users/" + user(kind, permission), "");
            }
        }
        client.close();
    }
}
