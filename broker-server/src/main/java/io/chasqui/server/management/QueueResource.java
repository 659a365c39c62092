package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.definition.QueueDeclaration;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.session.QueueStatus;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Response;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Queues: {@code /queues}. */
final class QueueResource {

    private static final Comparator<Map<String, @Nullable Object>> ORDER =
            Comparator.comparing((Map<String, @Nullable Object> queue) -> text(queue, "vhost"))
                    .thenComparing(queue -> text(queue, "name"));

    private final Broker broker;
    private final Errands errands;
    private final QueueView view;
    private final LiveView live;
    private final Sampler sampler;
    private final NodeFacts node;

    QueueResource(
            Broker broker,
            Errands errands,
            QueueView view,
            LiveView live,
            Sampler sampler,
            NodeFacts node) {
        this.live = live;
        this.broker = broker;
        this.errands = errands;
        this.view = view;
        this.sampler = sampler;
        this.node = node;
    }

    void mount(Api api) {
        api.get("/queues", Need.MANAGEMENT, this::all);
        api.get("/queues/detailed", Need.MANAGEMENT, this::all);
        api.get("/queues/{vhost}", Need.VHOST, this::ofVhost);
        api.get("/queues/{vhost}/{name}", Need.VHOST, this::one);
        api.put("/queues/{vhost}/{name}", Need.VHOST, this::put);
        api.delete("/queues/{vhost}/{name}", Need.VHOST, this::delete);
        api.delete("/queues/{vhost}/{name}/contents", Need.VHOST, this::purge);
        api.post("/queues/{vhost}/{name}/actions", Need.ADMINISTRATOR, this::act);
    }

    private static String text(Map<String, @Nullable Object> fields, String name) {
        return String.valueOf(fields.get(name));
    }

    private Response all(Call call) throws Exception {
        return listed(call, Vhosts.seen(broker, call));
    }

    private Response ofVhost(Call call) throws Exception {
        return listed(call, List.of(broker.vhosts().existing(call.vhost())));
    }

    private Response listed(Call call, Collection<VirtualHost> vhosts) throws Exception {
        sampler.watch(call);
        Past lengths = Past.lengths(call);
        Past rates = Past.messageRates(call);
        List<Map<String, @Nullable Object>> queues =
                ShardLook.everywhere(broker, shard -> on(shard, call, vhosts, lengths, rates));
        queues.sort(ORDER);
        // Lists leave out what there is not; rabbitmqadmin stumbles over null.
        queues.forEach(queue -> queue.values().removeIf(Objects::isNull));
        return Listing.paged(call, queues);
    }

    /** Each queue is asked on its own shard, all of a shard at once. */
    private List<Map<String, @Nullable Object>> on(
            Shard shard, Call call, Collection<VirtualHost> vhosts, Past lengths, Past rates) {
        boolean bare = call.asks("disable_stats");
        boolean totals = call.asks("enable_queue_totals");
        List<Map<String, @Nullable Object>> described = new ArrayList<>();
        for (VirtualHost vhost : vhosts) {
            for (Queue queue : vhost.queues()) {
                if (queue.shard() == shard && !queue.isDeleted()) {
                    described.add(
                            !bare
                                    ? view.whole(vhost, queue, lengths, rates)
                                    : totals
                                            ? view.counted(vhost, queue)
                                            : view.defined(vhost, queue));
                }
            }
        }
        return described;
    }

    private Response one(Call call) throws Exception {
        sampler.watch(call);
        Past lengths = Past.lengths(call);
        Past rates = Past.messageRates(call);
        VirtualHost vhost = broker.vhosts().existing(call.vhost());
        Queue queue = existing(call);
        Map<String, @Nullable Object> fields =
                ShardLook.on(queue.shard(), () -> view.whole(vhost, queue, lengths, rates));
        fields.put("consumer_details", consumersOf(call, queue));
        owner(queue).ifPresent(owner -> fields.put("owner_pid_details", LiveView.peer(owner)));
        fields.put("incoming", List.of());
        fields.put("deliveries", List.of());
        return Listing.one(call, fields);
    }

    private Optional<LiveView.Live> owner(Queue queue) throws HttpRefusal, InterruptedException {
        return queue.definition().exclusive()
                ? live.connections(session -> session.id() == queue.ownerSession()).stream()
                        .findFirst()
                : Optional.empty();
    }

    private List<Map<String, @Nullable Object>> consumersOf(Call call, Queue queue)
            throws HttpRefusal, InterruptedException {
        return live
                .connections(call, session -> session.vhost().name().equals(call.vhost()))
                .stream()
                .flatMap(each ->
                        live
                                .consumers(each, consumer -> consumer.queue().equals(queue.name()))
                                .stream())
                .toList();
    }

    private Queue existing(Call call) throws HttpRefusal {
        Queue queue = broker.vhosts().existing(call.vhost()).queue(call.name());
        if (queue == null) {
            throw HttpRefusal.notFound();
        }
        return queue;
    }

    private Response put(Call call) throws Exception {
        Body body = call.body();
        String where = body.optionalText("node").orElse(node.name());
        if (!where.equals(node.name())) {
            throw HttpRefusal.badRequest("Node " + where + " is not a cluster member");
        }
        QueueDeclaration declaration =
                new QueueDeclaration(
                        call.name(),
                        body.flag("durable", false),
                        false,
                        body.flag("auto_delete", false),
                        body.arguments("arguments"));
        boolean isNew = broker.vhosts().existing(call.vhost()).queue(call.name()) == null;
        errands.<QueueStatus>run(
                call,
                call.vhost(),
                (session, reply) -> session.queues().declare(declaration, reply));
        return Response.empty(isNew ? 201 : 204);
    }

    private Response delete(Call call) throws Exception {
        String name = existing(call).name();
        boolean ifUnused = call.asks("if-unused");
        boolean ifEmpty = call.asks("if-empty");
        errands.<Long>run(
                call,
                call.vhost(),
                (session, reply) -> session.queues().delete(name, ifUnused, ifEmpty, reply));
        return Response.empty(204);
    }

    private Response purge(Call call) throws Exception {
        String name = existing(call).name();
        errands.<Long>run(
                call, call.vhost(), (session, reply) -> session.queues().purge(name, reply));
        return Response.empty(204);
    }

    /** There are no actions: queues here have no mirrors to be brought in line. */
    private Response act(Call call) throws HttpRefusal {
        Vhosts.toChange(broker, call);
        throw HttpRefusal.badRequest(List.of("unknown", call.body().text("action")));
    }
}
