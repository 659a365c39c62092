package io.chasqui.server.management;

import java.util.ArrayList;
import java.util.List;

/** The table from which the permission matrix is made: every path and method of the interface. */
final class HttpOperations {

    /** What is there before each of them. */
    static final List<HttpOperation.Undo> TOPOLOGY =
            List.of(
                    made("/exchanges/{V}/x1", "{\"type\":\"topic\",\"durable\":true}"),
                    made("/exchanges/{V}/x2", "{\"type\":\"fanout\",\"durable\":true}"),
                    made("/exchanges/{V}/x9", "{\"type\":\"fanout\",\"durable\":true}"),
                    made("/queues/{V}/q1", "{\"durable\":true}"),
                    made("/queues/{V}/q8", "{\"durable\":true}"),
                    made("/queues/{V}/q9", "{\"durable\":true}"),
                    added("/bindings/{V}/e/x1/q/q1", "{\"routing_key\":\"k\"}"),
                    added("/bindings/{V}/e/x1/e/x2", "{\"routing_key\":\"k\"}"),
                    added("/exchanges/{V}/amq.default/publish", message("q1")),
                    made("/policies/{V}/p1", policy()),
                    made("/operator-policies/{V}/p1", policy()),
                    made("/vhost-limits/{V}/max-queues", "{\"value\":100}"),
                    made("/users/{U}", user()),
                    made("/permissions/{V}/{U}", permission()),
                    made("/topic-permissions/{V}/{U}", topicPermission()),
                    made("/user-limits/{U}/max-channels", "{\"value\":100}"),
                    made("/global-parameters/httpmatrix", "{\"value\":1}"));

    private HttpOperations() {}

    static List<HttpOperation> all() {
        List<HttpOperation> all = new ArrayList<>();
        addBroker(all);
        addTopology(all);
        addBindings(all);
        addMessages(all);
        addConnections(all);
        addVhosts(all);
        addUsers(all);
        addPolicies(all);
        addHealth(all);
        return all;
    }

    private static void addBroker(List<HttpOperation> all) {
        for (String path :
                List.of(
                        "/overview",
                        "/whoami",
                        "/version",
                        "/auth",
                        "/cluster-name",
                        "/nodes",
                        "/nodes/{N}",
                        "/nodes/nosuch",
                        "/nodes/{N}/memory",
                        "/extensions",
                        "/feature-flags",
                        "/deprecated-features",
                        "/deprecated-features/used",
                        "/auth/attempts/{N}",
                        "/auth/attempts/{N}/source",
                        "/auth/hash_password/pw",
                        "/definitions",
                        "/definitions/{V}",
                        "/definitions/nosuch",
                        "/nosuch")) {
            all.add(HttpOperation.of("GET " + path));
        }
        all.add(
                HttpOperation.of("PUT /cluster-name", "{\"name\":\"httpmatrix\"}")
                        .undoneBy("PUT /cluster-name", "{\"name\":\"{CLUSTER}\"}"));
        all.add(HttpOperation.of("PUT /feature-flags/quorum_queue/enable", "{}"));
        all.add(HttpOperation.of("DELETE /auth/attempts/{N}"));
        all.add(HttpOperation.of("DELETE /auth/attempts/{N}/source"));
        all.add(HttpOperation.of("POST /definitions", "{\"vhosts\":[]}"));
        all.add(HttpOperation.of("POST /definitions/{V}", "{\"queues\":[]}"));
        all.add(HttpOperation.of("POST /definitions/nosuch", "{\"queues\":[]}"));
        all.add(HttpOperation.of("DELETE /reset/{N}"));
    }

    private static void addTopology(List<HttpOperation> all) {
        for (String path :
                List.of(
                        "/exchanges",
                        "/exchanges/{V}",
                        "/exchanges/nosuch",
                        "/exchanges/{V}/x1",
                        "/exchanges/{V}/nosuch",
                        "/exchanges/{V}/amq.default",
                        "/exchanges/nosuch/x1",
                        "/queues",
                        "/queues/detailed",
                        "/queues/{V}",
                        "/queues/nosuch",
                        "/queues/{V}/q1",
                        "/queues/{V}/nosuch",
                        "/queues/nosuch/q1")) {
            all.add(HttpOperation.of("GET " + path));
        }
        for (String body :
                List.of(
                        "{}",
                        "{\"type\":\"unheard-of\"}",
                        "{\"arguments\":{\"alternate-exchange\":\"x1\"}}",
                        "{\"arguments\":{\"alternate-exchange\":\"nosuch\"}}")) {
            all.add(
                    HttpOperation.of("PUT /exchanges/{V}/nx", body)
                            .undoneBy("DELETE /exchanges/{V}/nx"));
        }
        all.add(HttpOperation.of("PUT /exchanges/{V}/x1", "{\"type\":\"topic\",\"durable\":true}"));
        all.add(HttpOperation.of("PUT /exchanges/{V}/x1", "{\"type\":\"fanout\"}"));
        all.add(HttpOperation.of("PUT /exchanges/{V}/amq.nx", "{}"));
        all.add(HttpOperation.of("PUT /exchanges/{V}/amq.default", "{}"));
        all.add(HttpOperation.of("PUT /exchanges/nosuch/nx", "{}"));
        all.add(
                HttpOperation.of("DELETE /exchanges/{V}/x9")
                        .undoneBy("PUT /exchanges/{V}/x9", "{\"type\":\"fanout\"}"));
        all.add(HttpOperation.of("DELETE /exchanges/{V}/nosuch"));
        all.add(HttpOperation.of("DELETE /exchanges/{V}/amq.direct"));
        all.add(HttpOperation.of("DELETE /exchanges/nosuch/x1"));
        for (String body :
                List.of(
                        "{}",
                        "{\"durable\":true,\"arguments\":{\"x-queue-type\":\"quorum\"}}",
                        "{\"arguments\":{\"x-message-ttl\":-1}}",
                        "{\"arguments\":{\"x-dead-letter-exchange\":\"x1\"}}",
                        "{\"arguments\":{\"x-dead-letter-exchange\":\"\"}}")) {
            all.add(HttpOperation.of("PUT /queues/{V}/nq", body).undoneBy("DELETE /queues/{V}/nq"));
        }
        all.add(HttpOperation.of("PUT /queues/{V}/q1", "{\"durable\":true}"));
        all.add(HttpOperation.of("PUT /queues/{V}/q1", "{\"durable\":false}"));
        all.add(HttpOperation.of("PUT /queues/{V}/amq.nq", "{}"));
        all.add(HttpOperation.of("PUT /queues/nosuch/nq", "{}"));
        all.add(
                HttpOperation.of("DELETE /queues/{V}/q9")
                        .undoneBy("PUT /queues/{V}/q9", "{\"durable\":true}"));
        all.add(HttpOperation.of("DELETE /queues/{V}/nosuch"));
        all.add(HttpOperation.of("DELETE /queues/nosuch/q1"));
        all.add(HttpOperation.of("POST /queues/{V}/q1/actions", "{\"action\":\"nosuch\"}"));
        all.add(HttpOperation.of("POST /rebalance/queues", "{}"));
    }

    private static void addBindings(List<HttpOperation> all) {
        for (String path :
                List.of(
                        "/bindings",
                        "/bindings/{V}",
                        "/bindings/nosuch",
                        "/bindings/{V}/e/x1/q/q1",
                        "/bindings/{V}/e/x1/q/q1/k",
                        "/bindings/{V}/e/x1/q/q1/nosuch",
                        "/bindings/{V}/e/x1/q/nosuch",
                        "/bindings/{V}/e/nosuch/q/q1",
                        "/bindings/{V}/e/x1/e/x2",
                        "/bindings/{V}/e/x1/e/x2/k",
                        "/exchanges/{V}/x1/bindings/source",
                        "/exchanges/{V}/x2/bindings/destination",
                        "/exchanges/{V}/nosuch/bindings/source",
                        "/queues/{V}/q1/bindings")) {
            all.add(HttpOperation.of("GET " + path));
        }
        String key = "{\"routing_key\":\"n\"}";
        for (String path : List.of("/bindings/{V}/e/x1/q/q1", "/bindings/{V}/e/x1/e/x2")) {
            all.add(HttpOperation.of("POST " + path, key).undoneBy("DELETE " + path + "/n"));
            all.add(
                    HttpOperation.of("DELETE " + path + "/k")
                            .undoneBy("POST " + path, "{\"routing_key\":\"k\"}"));
            all.add(HttpOperation.of("DELETE " + path + "/nosuch"));
        }
        for (String path :
                List.of(
                        "/bindings/{V}/e/nosuch/q/q1",
                        "/bindings/{V}/e/x1/q/nosuch",
                        "/bindings/{V}/e/x1/e/nosuch",
                        "/bindings/{V}/e/amq.default/q/q1",
                        "/bindings/nosuch/e/x1/q/q1")) {
            all.add(HttpOperation.of("POST " + path, key));
            all.add(HttpOperation.of("DELETE " + path + "/n"));
        }
    }

    private static void addMessages(List<HttpOperation> all) {
        String toAll = message("none");
        for (String path : List.of("x1", "amq.default", "nosuch")) {
            all.add(HttpOperation.of("POST /exchanges/{V}/" + path + "/publish", toAll));
        }
        all.add(
                HttpOperation.of("POST /exchanges/{V}/amq.default/publish", message("q9"))
                        .undoneBy("DELETE /queues/{V}/q9/contents"));
        all.add(
                HttpOperation.of(
                        "POST /exchanges/{V}/x1/publish",
                        message("none")
                                .replace(
                                        "\"properties\":{}",
                                        "\"properties\":{\"user_id\":\"nosuch\"}")));
        all.add(HttpOperation.of("POST /exchanges/{V}/x1/publish", "{}"));
        all.add(HttpOperation.of("POST /exchanges/nosuch/x1/publish", toAll));
        for (String mode :
                List.of(
                        "ack_requeue_true",
                        "reject_requeue_true",
                        "ack_requeue_false",
                        "reject_requeue_false",
                        "nosuch")) {
            HttpOperation get = HttpOperation.of("POST /queues/{V}/q1/get", fetch(mode));
            all.add(
                    mode.endsWith("requeue_false")
                            ? get.undoneBy("POST /exchanges/{V}/amq.default/publish", message("q1"))
                            : get);
        }
        all.add(HttpOperation.of("POST /queues/{V}/nosuch/get", fetch("ack_requeue_true")));
        all.add(HttpOperation.of("POST /queues/nosuch/q1/get", fetch("ack_requeue_true")));
        all.add(
                HttpOperation.of("DELETE /queues/{V}/q1/contents")
                        .undoneBy("POST /exchanges/{V}/amq.default/publish", message("q1")));
        all.add(HttpOperation.of("DELETE /queues/{V}/nosuch/contents"));
        all.add(HttpOperation.of("DELETE /queues/nosuch/q1/contents"));
    }

    private static void addConnections(List<HttpOperation> all) {
        for (String path :
                List.of(
                        "/connections",
                        "/connections/{C}",
                        "/connections/nosuch",
                        "/connections/{C}/channels",
                        "/connections/username/guest",
                        "/connections/username/nosuch",
                        "/vhosts/{V}/connections",
                        "/vhosts/nosuch/connections",
                        "/channels",
                        "/channels/{H}",
                        "/channels/nosuch",
                        "/vhosts/{V}/channels",
                        "/vhosts/nosuch/channels",
                        "/consumers",
                        "/consumers/{V}",
                        "/consumers/nosuch")) {
            all.add(HttpOperation.of("GET " + path));
        }
        all.add(HttpOperation.of("DELETE /connections/{C}").undoneBy("connect"));
        all.add(HttpOperation.of("DELETE /connections/nosuch"));
        all.add(HttpOperation.of("DELETE /connections/username/{U}"));
        all.add(HttpOperation.of("DELETE /connections/username/nosuch"));
    }

    private static void addVhosts(List<HttpOperation> all) {
        for (String path :
                List.of(
                        "/vhosts",
                        "/vhosts/{V}",
                        "/vhosts/nosuch",
                        "/vhosts/{V}/permissions",
                        "/vhosts/nosuch/permissions",
                        "/vhosts/{V}/topic-permissions",
                        "/vhosts/nosuch/topic-permissions",
                        "/vhost-limits",
                        "/vhost-limits/{V}",
                        "/vhost-limits/nosuch")) {
            all.add(HttpOperation.of("GET " + path));
        }
        all.add(
                HttpOperation.of("PUT /vhosts/httpmatrix2", "{}")
                        .undoneBy("DELETE /vhosts/httpmatrix2"));
        all.add(HttpOperation.of("PUT /vhosts/{V}", "{}"));
        all.add(HttpOperation.of("DELETE /vhosts/nosuch"));
        String protection = "/vhosts/{V}/deletion/protection";
        all.add(HttpOperation.of("POST " + protection).undoneBy("DELETE " + protection));
        all.add(HttpOperation.of("DELETE " + protection));
        all.add(HttpOperation.of("POST /vhosts/nosuch/deletion/protection"));
        all.add(HttpOperation.of("DELETE /vhosts/nosuch/deletion/protection"));
        all.add(HttpOperation.of("POST /vhosts/{V}/start/{N}", "{}"));
        all.add(HttpOperation.of("PUT /vhost-limits/{V}/max-queues", "{\"value\":100}"));
        all.add(HttpOperation.of("PUT /vhost-limits/nosuch/max-queues", "{\"value\":100}"));
        all.add(
                HttpOperation.of("DELETE /vhost-limits/{V}/max-queues")
                        .undoneBy("PUT /vhost-limits/{V}/max-queues", "{\"value\":100}"));
        all.add(HttpOperation.of("DELETE /vhost-limits/nosuch/max-queues"));
    }

    private static void addUsers(List<HttpOperation> all) {
        for (String path :
                List.of(
                        "/users",
                        "/users/{U}",
                        "/users/nosuch",
                        "/users/without-permissions",
                        "/users/{U}/permissions",
                        "/users/nosuch/permissions",
                        "/users/{U}/topic-permissions",
                        "/users/nosuch/topic-permissions",
                        "/permissions",
                        "/permissions/{V}/{U}",
                        "/permissions/{V}/nosuch",
                        "/permissions/nosuch/{U}",
                        "/topic-permissions",
                        "/topic-permissions/{V}/{U}",
                        "/topic-permissions/nosuch/{U}",
                        "/user-limits",
                        "/user-limits/{U}",
                        "/user-limits/nosuch")) {
            all.add(HttpOperation.of("GET " + path));
        }
        all.add(
                HttpOperation.of("PUT /users/httpmatrix-new", user())
                        .undoneBy("DELETE /users/httpmatrix-new"));
        all.add(HttpOperation.of("PUT /users/{U}", user()));
        all.add(HttpOperation.of("PUT /users/{U}", "{}"));
        all.add(HttpOperation.of("DELETE /users/nosuch"));
        all.add(HttpOperation.of("POST /users/bulk-delete", "{\"users\":[\"nosuch\"]}"));
        all.add(HttpOperation.of("PUT /permissions/{V}/{U}", permission()));
        all.add(HttpOperation.of("PUT /permissions/{V}/nosuch", permission()));
        all.add(HttpOperation.of("PUT /permissions/nosuch/{U}", permission()));
        all.add(
                HttpOperation.of("DELETE /permissions/{V}/{U}")
                        .undoneBy("PUT /permissions/{V}/{U}", permission()));
        all.add(HttpOperation.of("DELETE /permissions/nosuch/{U}"));
        all.add(HttpOperation.of("PUT /topic-permissions/{V}/{U}", topicPermission()));
        all.add(HttpOperation.of("PUT /topic-permissions/nosuch/{U}", topicPermission()));
        all.add(
                HttpOperation.of("DELETE /topic-permissions/{V}/{U}")
                        .undoneBy("PUT /topic-permissions/{V}/{U}", topicPermission()));
        all.add(HttpOperation.of("DELETE /topic-permissions/nosuch/{U}"));
        all.add(HttpOperation.of("PUT /user-limits/{U}/max-channels", "{\"value\":100}"));
        all.add(HttpOperation.of("PUT /user-limits/nosuch/max-channels", "{\"value\":100}"));
        all.add(
                HttpOperation.of("DELETE /user-limits/{U}/max-channels")
                        .undoneBy("PUT /user-limits/{U}/max-channels", "{\"value\":100}"));
        all.add(HttpOperation.of("DELETE /user-limits/nosuch/max-channels"));
    }

    private static void addPolicies(List<HttpOperation> all) {
        for (String kind : List.of("/policies", "/operator-policies")) {
            all.add(HttpOperation.of("GET " + kind));
            all.add(HttpOperation.of("GET " + kind + "/{V}"));
            all.add(HttpOperation.of("GET " + kind + "/nosuch"));
            all.add(HttpOperation.of("GET " + kind + "/{V}/p1"));
            all.add(HttpOperation.of("GET " + kind + "/{V}/nosuch"));
            all.add(HttpOperation.of("GET " + kind + "/nosuch/p1"));
            all.add(
                    HttpOperation.of("PUT " + kind + "/{V}/np", policy())
                            .undoneBy("DELETE " + kind + "/{V}/np"));
            all.add(HttpOperation.of("PUT " + kind + "/{V}/np", "{}"));
            all.add(HttpOperation.of("PUT " + kind + "/nosuch/np", policy()));
            all.add(
                    HttpOperation.of("DELETE " + kind + "/{V}/p1")
                            .undoneBy("PUT " + kind + "/{V}/p1", policy()));
            all.add(HttpOperation.of("DELETE " + kind + "/{V}/nosuch"));
            all.add(HttpOperation.of("DELETE " + kind + "/nosuch/p1"));
        }
        for (String path :
                List.of(
                        "/parameters",
                        "/parameters/vhost-limits",
                        "/parameters/vhost-limits/{V}",
                        "/parameters/vhost-limits/nosuch",
                        "/parameters/vhost-limits/{V}/limits",
                        "/parameters/vhost-limits/{V}/nosuch",
                        "/global-parameters",
                        "/global-parameters/httpmatrix",
                        "/global-parameters/nosuch")) {
            all.add(HttpOperation.of("GET " + path));
        }
        all.add(
                HttpOperation.of(
                        "PUT /parameters/vhost-limits/{V}/limits",
                        "{\"value\":{\"max-queues\":100}}"));
        all.add(HttpOperation.of("PUT /parameters/nosuch/{V}/n", "{\"value\":1}"));
        all.add(
                HttpOperation.of(
                        "PUT /parameters/vhost-limits/nosuch/limits",
                        "{\"value\":{\"max-queues\":100}}"));
        all.add(
                HttpOperation.of("DELETE /parameters/vhost-limits/{V}/limits")
                        .undoneBy("PUT /vhost-limits/{V}/max-queues", "{\"value\":100}"));
        all.add(HttpOperation.of("DELETE /parameters/vhost-limits/nosuch/limits"));
        all.add(HttpOperation.of("PUT /global-parameters/httpmatrix", "{\"value\":1}"));
        all.add(
                HttpOperation.of("DELETE /global-parameters/httpmatrix")
                        .undoneBy("PUT /global-parameters/httpmatrix", "{\"value\":1}"));
        all.add(HttpOperation.of("DELETE /global-parameters/nosuch"));
    }

    private static void addHealth(List<HttpOperation> all) {
        for (String check :
                List.of(
                        "alarms",
                        "local-alarms",
                        "certificate-expiration/1/days",
                        "port-listener/1",
                        "protocol-listener/amqp",
                        "protocol-listener/nosuch",
                        "virtual-hosts",
                        "node-is-quorum-critical",
                        "is-in-service",
                        "below-node-connection-limit",
                        "ready-to-serve-clients",
                        "metadata-store/initialized",
                        "metadata-store/initialized/with-data",
                        "quorum-queues-without-elected-leaders/all-vhosts",
                        "quorum-queues-without-elected-leaders/vhost/{V}")) {
            all.add(HttpOperation.of("GET /health/checks/" + check));
        }
        all.add(HttpOperation.of("GET /aliveness-test/{V}"));
        all.add(HttpOperation.of("GET /aliveness-test/nosuch"));
    }

    private static HttpOperation.Undo made(String path, String body) {
        return new HttpOperation.Undo("PUT " + path, body);
    }

    private static HttpOperation.Undo added(String path, String body) {
        return new HttpOperation.Undo("POST " + path, body);
    }

    private static String message(String key) {
        return "{\"properties\":{},\"routing_key\":\""
                + key
                + "\",\"payload\":\"x\",\"payload_encoding\":\"string\"}";
    }

    private static String fetch(String mode) {
        return "{\"count\":1,\"encoding\":\"auto\",\"ackmode\":\"" + mode + "\"}";
    }

    private static String policy() {
        return "{\"pattern\":\"^none$\",\"definition\":{\"max-length\":1}}";
    }

    private static String user() {
        return "{\"password\":\"pw\",\"tags\":\"\"}";
    }

    private static String permission() {
        return "{\"configure\":\"\",\"write\":\"\",\"read\":\"\"}";
    }

    private static String topicPermission() {
        return "{\"exchange\":\"x1\",\"write\":\"\",\"read\":\"\"}";
    }
}
