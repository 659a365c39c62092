package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.time.Clock;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Response;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Checks for load balancers and orchestrators: {@code /health/checks}. 200 if all is well, 503 and
 * what is not otherwise. Those about clusters are always well here.
 */
final class HealthResource {

    private static final Map<String, Integer> DAYS =
            Map.of("days", 1, "weeks", 7, "months", 30, "years", 365);

    private final Broker broker;
    private final NodeFacts node;
    private final NodeGauges gauges;
    private final Errands errands;
    private final Clock clock;

    HealthResource(Broker broker, NodeFacts node, NodeGauges gauges, Errands errands, Clock clock) {
        this.clock = clock;
        this.broker = broker;
        this.node = node;
        this.gauges = gauges;
        this.errands = errands;
    }

    void mount(Api api) {
        check(api, "alarms", _ -> alarms());
        check(api, "local-alarms", _ -> alarms());
        check(api, "port-listener/{port}", this::port);
        check(api, "protocol-listener/{protocol}", this::protocol);
        check(api, "certificate-expiration/{within}/{unit}", this::certificates);
        check(api, "virtual-hosts", _ -> well());
        check(api, "metadata-store/initialized", _ -> well());
        check(api, "metadata-store/initialized/with-data", _ -> well());
        check(api, "quorum-queues-without-elected-leaders/all-vhosts", _ -> well());
        check(api, "node-is-quorum-critical", _ -> single());
        // Those for load balancers, who do not log in.
        check(api, Need.NOBODY, "ready-to-serve-clients", _ -> accepting());
        check(api, Need.NOBODY, "is-in-service", _ -> accepting());
        check(api, Need.NOBODY, "below-node-connection-limit", _ -> well());
        check(
                api,
                Need.VHOST_SEEN,
                "quorum-queues-without-elected-leaders/vhost/{vhost}",
                _ -> well());
        api.get("/healthchecks/node", Need.MANAGEMENT, _ -> alarms());
        api.get("/aliveness-test/{vhost}", Need.VHOST, this::alive);
    }

    private static void check(Api api, String template, Endpoint endpoint) {
        check(api, Need.MANAGEMENT, template, endpoint);
    }

    private static void check(Api api, Need need, String template, Endpoint endpoint) {
        api.get("/health/checks/" + template, need, endpoint);
    }

    private static Response well() {
        return Response.json(200, Map.of("status", "ok"));
    }

    private static Response single() {
        return Response.json(200, Map.of("status", "ok", "reason", "single node cluster"));
    }

    private static Response ill(String reason, String field, Object detail) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("status", "failed");
        fields.put("reason", reason);
        fields.put(field, detail);
        return Response.json(503, fields);
    }

    private Response alarms() {
        List<Map<String, String>> raised =
                broker.alarms().raised().stream()
                        .map(shortage -> shortage.name().toLowerCase(Locale.ROOT))
                        .sorted()
                        .map(resource -> Map.of("node", node.name(), "resource", resource))
                        .toList();
        return raised.isEmpty() ? well() : ill("There are alarms in effect", "alarms", raised);
    }

    private Response port(Call call) throws HttpRefusal {
        int wanted;
        try {
            wanted = Integer.parseInt(call.parameter("port"));
        } catch (NumberFormatException _) {
            throw HttpRefusal.badRequest("Invalid port");
        }
        TreeSet<Integer> ports =
                gauges.listening().get().stream()
                        .map(Listening::port)
                        .collect(Collectors.toCollection(TreeSet::new));
        if (ports.contains(wanted)) {
            return Response.json(200, Map.of("status", "ok", "port", wanted));
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("status", "failed");
        fields.put("reason", "No active listener");
        fields.put("missing", wanted);
        fields.put("ports", ports);
        return Response.json(503, fields);
    }

    /** One protocol, or several with commas between. */
    private Response protocol(Call call) {
        List<String> protocols =
                gauges.listening().get().stream()
                        .map(Listening::protocol)
                        .distinct()
                        .sorted()
                        .toList();
        List<String> missing =
                Arrays.stream(call.parameter("protocol").split(","))
                        .map(HealthResource::protocolNamed)
                        .filter(name -> !protocols.contains(name))
                        .toList();
        if (missing.isEmpty()) {
            return Response.json(200, Map.of("status", "ok", "protocols", protocols));
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("status", "failed");
        fields.put("reason", "No active listener");
        fields.put("missing", missing);
        fields.put("protocols", protocols);
        return Response.json(503, fields);
    }

    private static String protocolNamed(String name) {
        return switch (name) {
            case "amqp091", "amqp0.9.1", "amqp10", "amqp1.0" -> "amqp";
            case "amqps", "amqp/tls" -> "amqp/ssl";
            default -> name;
        };
    }

    private Response certificates(Call call) throws Exception {
        Integer days = DAYS.get(call.parameter("unit"));
        if (days == null) {
            throw HttpRefusal.badRequest(
                    "Time unit not recognised. Supported units: days, weeks, months, years.");
        }
        Instant until =
                Instant.ofEpochMilli(clock.wallMs()).plus(days * within(call), ChronoUnit.DAYS);
        Optional<Instant> expires = gauges.certificateExpires().at();
        return expires.isEmpty() || expires.get().isAfter(until)
                ? well()
                : ill("Certificates expiring", "expired", List.of(expires.get().toString()));
    }

    private static long within(Call call) throws HttpRefusal {
        try {
            int within = Integer.parseInt(call.parameter("within"));
            if (within >= 0) {
                return within;
            }
        } catch (NumberFormatException _) {
            // Told below, with the negative ones.
        }
        throw HttpRefusal.badRequest("Invalid expiration value.");
    }

    private Response accepting() {
        boolean accepts =
                gauges.listening().get().stream()
                        .anyMatch(listening -> listening.protocol().startsWith("amqp"));
        return accepts ? well() : ill("No active listener", "missing", List.of("amqp"));
    }

    /** A session can be opened in the virtual host, and its shard answers. */
    private Response alive(Call call) throws Exception {
        errands.<Boolean>run(call, call.vhost(), (_, reply) -> reply.ok(true));
        return well();
    }
}
