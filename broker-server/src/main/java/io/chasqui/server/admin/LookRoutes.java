package io.chasqui.server.admin;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.session.Session;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Request;
import io.chasqui.server.http.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What there is just now: overview, queues, connections. */
final class LookRoutes {

    private static final long SHARD_TIMEOUT_S = 30;

    private final Broker broker;
    private final String version;

    LookRoutes(Broker broker, String version) {
        this.broker = broker;
        this.version = version;
    }

    Response overview(Request request) throws Exception {
        List<Map<String, Object>> queues = describedQueues();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("version", version);
        fields.put("vhosts", broker.vhosts().all().size());
        fields.put("users", broker.accounts().users().size());
        fields.put("connections", broker.sessions().all().size());
        fields.put("queues", queues.size());
        fields.put("messages_ready", sum(queues, "messages_ready"));
        fields.put("messages_unacknowledged", sum(queues, "messages_unacknowledged"));
        fields.put("publishers_blocked", broker.alarms().publishersBlocked());
        return Response.json(200, fields);
    }

    private static long sum(List<Map<String, Object>> queues, String field) {
        return queues.stream()
                .mapToLong(queue -> queue.get(field) instanceof Long number ? number : 0)
                .sum();
    }

    Response queues(Request request) throws Exception {
        return Response.json(200, describedQueues());
    }

    /** Each queue is asked on its own shard, all of a shard at once. */
    private List<Map<String, Object>> describedQueues() throws Exception {
        List<CompletableFuture<List<Map<String, Object>>>> asked = new ArrayList<>();
        for (Shard shard : broker.shards()) {
            asked.add(CompletableFuture.supplyAsync(() -> describedOn(shard), shard::submit));
        }
        List<Map<String, Object>> all = new ArrayList<>();
        for (CompletableFuture<List<Map<String, Object>>> answer : asked) {
            all.addAll(answer.get(SHARD_TIMEOUT_S, TimeUnit.SECONDS));
        }
        all.sort(
                Comparator.comparing((Map<String, Object> queue) -> text(queue, "vhost"))
                        .thenComparing(queue -> text(queue, "name")));
        return all;
    }

    private static String text(Map<String, Object> fields, String name) {
        return String.valueOf(fields.get(name));
    }

    private List<Map<String, Object>> describedOn(Shard shard) {
        List<Map<String, Object>> described = new ArrayList<>();
        for (VirtualHost vhost : broker.vhosts().all()) {
            for (Queue queue : vhost.queues()) {
                if (queue.shard() == shard && !queue.isDeleted()) {
                    described.add(described(vhost, queue));
                }
            }
        }
        return described;
    }

    private static Map<String, Object> described(VirtualHost vhost, Queue queue) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("vhost", vhost.name());
        fields.put("name", queue.name());
        fields.put("durable", queue.definition().durable());
        fields.put("auto_delete", queue.definition().autoDelete());
        fields.put("exclusive", queue.definition().exclusive());
        fields.put("messages_ready", queue.ready());
        fields.put("messages_unacknowledged", queue.unacked());
        fields.put("consumers", queue.consumers());
        return fields;
    }

    Response connections(Request request) {
        return Response.json(
                200,
                broker.sessions().all().stream()
                        .sorted(Comparator.comparingLong(Session::id))
                        .map(LookRoutes::described)
                        .toList());
    }

    private static Map<String, Object> described(Session session) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", session.client().name());
        fields.put("user", session.user());
        fields.put("vhost", session.vhost().name());
        fields.put("protocol", session.client().protocol());
        fields.put("client", session.client().product());
        return fields;
    }

    /** Closes the connections of that name, telling the client {@code X-Reason} if there is one. */
    Response close(Request request) throws HttpRefusal {
        String name = request.parameter("name");
        String reason = request.header("X-Reason").orElse("Closed via chasqui connection close");
        int closed = broker.sessions().end(session -> session.client().name().equals(name), reason);
        if (closed == 0) {
            throw new HttpRefusal(404, "not_found", "no connection '" + name + "'");
        }
        return Response.empty(204);
    }
}
