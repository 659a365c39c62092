package io.chasqui.server.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.server.http.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Asks a broker's management interface, as one user. */
public final class ManagementClient implements AutoCloseable {

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Function<String, URI> broker;
    private final String authorization;

    private ManagementClient(Function<String, URI> broker, String authorization) {
        this.broker = broker;
        this.authorization = authorization;
    }

    public static ManagementClient of(RunningBroker broker, String user, String password) {
        return new ManagementClient(broker::http, basic(user, password));
    }

    /** Of any broker. */
    public static ManagementClient at(URI broker, String user, String password) {
        return new ManagementClient(broker::resolve, basic(user, password));
    }

    private static String basic(String user, String password) {
        String credentials = user + ":" + password;
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
    }

    /** As guest. */
    public static ManagementClient of(RunningBroker broker) {
        return of(broker, "guest", "guest");
    }

    /** With this header instead of a login; none if it is empty. */
    public static ManagementClient authorizedBy(RunningBroker broker, String authorization) {
        return new ManagementClient(broker::http, authorization);
    }

    /** What came back. */
    public record Answer(int status, HttpResponse<String> response) {

        public String body() {
            return response.body();
        }

        /** The body, an object. */
        public Map<String, Object> object() throws Exception {
            return Json.readObject(body().getBytes(UTF_8));
        }

        /** The body, a list of objects. */
        public List<Map<String, Object>> list() throws Exception {
            return Json.readObjects(body().getBytes(UTF_8));
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        /** The fields of a refusal. */
        public String refusal() throws Exception {
            return status + " " + object().get("error") + ": " + object().get("reason");
        }
    }

    /** @param path below {@code /api/}, encoded */
    public Answer get(String path) throws Exception {
        return send("GET", path, "");
    }

    public Answer put(String path, Map<String, ?> body) throws Exception {
        return send("PUT", path, Json.text(body));
    }

    public Answer post(String path, Map<String, ?> body) throws Exception {
        return send("POST", path, Json.text(body));
    }

    public Answer delete(String path, String... headers) throws Exception {
        return send("DELETE", path, "", headers);
    }

    public Answer send(String method, String path, String body, String... headers)
            throws Exception {
        URI uri = broker.apply("/api/" + path);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri)
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> response =
                client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), response);
    }

    @Override
    public void close() {
        client.close();
    }
}
