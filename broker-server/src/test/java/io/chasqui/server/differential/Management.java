package io.chasqui.server.differential;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.server.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.Map;

/** One broker's management interface, for one virtual host: what AMQP cannot say. */
final class Management implements AutoCloseable {

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI root;
    private final String authorization;
    private final String vhost;
    private final Deque<String> policies = new ArrayDeque<>();

    /** @param root with a path of {@code /api/} */
    Management(URI root, String userAndPassword, String vhost) {
        this.root = root;
        this.vhost = vhost;
        this.authorization =
                "Basic " + Base64.getEncoder().encodeToString(userAndPassword.getBytes(UTF_8));
    }

    void makeVirtualHost(String user) throws IOException, InterruptedException {
        send("PUT", "vhosts/" + vhost, Map.of());
        send(
                "PUT",
                "permissions/" + vhost + "/" + user,
                Map.of("configure", ".*", "write", ".*", "read", ".*"));
    }

    void dropVirtualHost() throws IOException, InterruptedException {
        send("DELETE", "vhosts/" + vhost, Map.of());
    }

    String set(Step.SetPolicy p) throws IOException, InterruptedException {
        String path = path(p.operator(), p.name());
        policies.add(path);
        return send(
                "PUT",
                path,
                Map.of(
                        "pattern",
                        p.pattern(),
                        "definition",
                        p.definition(),
                        "apply-to",
                        p.applyTo(),
                        "priority",
                        p.priority()));
    }

    String clear(Step.ClearPolicy p) throws IOException, InterruptedException {
        return send("DELETE", path(p.operator(), p.name()), Map.of());
    }

    /** Clears what was set. */
    void clearPolicies() throws IOException, InterruptedException {
        while (!policies.isEmpty()) {
            send("DELETE", policies.remove(), Map.of());
        }
    }

    private String path(boolean operator, String name) {
        return (operator ? "operator-policies/" : "policies/") + vhost + "/" + name;
    }

    private String send(String method, String path, Map<String, ?> body)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(root.resolve(path))
                        .header("Authorization", authorization)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(Json.text(body)))
                        .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }

    @Override
    public void close() {
        client.close();
    }
}
