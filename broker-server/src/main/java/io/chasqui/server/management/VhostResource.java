package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.definition.PermissionDefinition;
import io.chasqui.core.definition.QueueType;
import io.chasqui.core.definition.VirtualHostDescription;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Response;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Virtual hosts: {@code /vhosts}. */
final class VhostResource {

    private final Broker broker;
    private final Sampler sampler;
    private final NodeFacts node;

    VhostResource(Broker broker, Sampler sampler, NodeFacts node) {
        this.broker = broker;
        this.sampler = sampler;
        this.node = node;
    }

    void mount(Api api) {
        api.get("/vhosts", Need.MANAGEMENT, this::all);
        api.get("/vhosts/{vhost}", Need.ADMINISTRATOR, this::one);
        api.put("/vhosts/{vhost}", Need.ADMINISTRATOR, this::put);
        api.delete("/vhosts/{vhost}", Need.ADMINISTRATOR, this::delete);
        api.post("/vhosts/{vhost}/start/{node}", Need.ADMINISTRATOR, this::start);
        api.post("/vhosts/{vhost}/deletion/protection", Need.ADMINISTRATOR, this::protect);
        api.delete("/vhosts/{vhost}/deletion/protection", Need.ADMINISTRATOR, this::expose);
    }

    private Response all(Call call) throws Exception {
        return Listing.paged(call, described(Vhosts.listed(broker, call)));
    }

    private Response one(Call call) throws Exception {
        return Listing.one(call, described(List.of(existing(call))).getFirst());
    }

    private VirtualHost existing(Call call) throws HttpRefusal {
        VirtualHost vhost = broker.vhosts().find(call.vhost());
        if (vhost == null) {
            throw HttpRefusal.notFound();
        }
        return vhost;
    }

    /** What the queues of one virtual host on one shard hold, and what has happened to them. */
    private record Share(VirtualHost vhost, Readings totals, Readings stats) {}

    private List<Map<String, @Nullable Object>> described(List<VirtualHost> vhosts)
            throws Exception {
        sampler.watch();
        Map<VirtualHost, Share> sums = new LinkedHashMap<>();
        vhosts.forEach(vhost -> sums.put(vhost, nothingOf(vhost)));
        for (Share share : ShardLook.everywhere(broker, shard -> shares(shard, vhosts))) {
            Share sum = sums.get(share.vhost);
            if (sum != null) {
                sum.totals.add(share.totals);
                sum.stats.add(share.stats);
            }
        }
        return sums.values().stream().map(this::described).toList();
    }

    private static Share nothingOf(VirtualHost vhost) {
        return new Share(
                vhost, Readings.none(Meter.QUEUE_TOTALS), Readings.none(Meter.QUEUE_STATS));
    }

    private List<Share> shares(Shard shard, Collection<VirtualHost> vhosts) {
        List<Share> shares = new ArrayList<>();
        for (VirtualHost vhost : vhosts) {
            Share share = nothingOf(vhost);
            for (Queue queue : vhost.queues()) {
                if (queue.shard() == shard) {
                    share.totals.add(sampler.totals(queue));
                    share.stats.add(sampler.stats(queue));
                }
            }
            shares.add(share);
        }
        return shares;
    }

    private Map<String, @Nullable Object> described(Share share) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("name", share.vhost.name());
        Map<String, Object> metadata = metadata(share.vhost);
        fields.putAll(metadata);
        fields.put("metadata", metadata);
        fields.put("protected_from_deletion", share.vhost.description().isProtected());
        fields.put("tracing", share.vhost.isTraced());
        fields.put("cluster_state", Map.of(node.name(), "running"));
        share.totals.tell(fields);
        fields.put("message_stats", share.stats.told());
        return fields;
    }

    /** Whoever adds one may do everything in it. */
    private Response put(Call call) throws Exception {
        Body body = call.body();
        String name = call.vhost();
        VirtualHost before = broker.vhosts().find(name);
        boolean isNew = before == null;
        VirtualHostDescription description =
                description(
                        body, before == null ? VirtualHostDescription.NONE : before.description());
        long position = broker.administration().addVirtualHost(name);
        position =
                Math.max(position, broker.administration().describeVirtualHost(name, description));
        VirtualHost now = broker.vhosts().find(name);
        if (now != null && body.get("tracing") != null) {
            now.trace(body.flag("tracing", false));
        }
        if (isNew) {
            PermissionDefinition all =
                    new PermissionDefinition(call.caller().user(), ".*", ".*", ".*");
            position = broker.administration().setPermission(name, all);
        }
        return Changes.put(broker, position, isNew);
    }

    /** What is not told stays as it was. */
    private static VirtualHostDescription description(Body body, VirtualHostDescription before)
            throws HttpRefusal {
        String type = body.optionalText("default_queue_type").orElse(before.defaultQueueType());
        if (!type.isEmpty() && QueueType.named(type).isEmpty()) {
            throw HttpRefusal.badRequest(type + " is not a valid queue type");
        }
        return new VirtualHostDescription(
                body.optionalText("description").orElse(before.description()),
                body.get("tags") == null ? before.tags() : UserResource.tagsOf(body.get("tags")),
                type,
                before.isProtected());
    }

    static Map<String, Object> metadata(VirtualHost vhost) {
        VirtualHostDescription description = vhost.description();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("description", description.description());
        fields.put("tags", description.tags());
        fields.put("default_queue_type", vhost.defaultQueueType().wireName());
        if (description.isProtected()) {
            fields.put("protected_from_deletion", true);
        }
        return fields;
    }

    private Response delete(Call call) throws Exception {
        String name = existing(call).name();
        try {
            return Changes.done(broker, broker.administration().deleteVirtualHost(name));
        } catch (Refusal.PreconditionFailed isProtected) {
            throw new HttpRefusal(412, "precondition_failed", isProtected.text());
        }
    }

    private Response protect(Call call) throws Exception {
        String name = call.vhost();
        if (broker.vhosts().find(name) == null) {
            throw new HttpRefusal(
                    404,
                    "not_found",
                    "Cannot enable deletion protection of virtual host '"
                            + name
                            + "' because it does not exist");
        }
        return Changes.done(broker, broker.administration().protectVirtualHost(name, true));
    }

    private Response expose(Call call) throws Exception {
        String name = existing(call).name();
        return Changes.done(broker, broker.administration().protectVirtualHost(name, false));
    }

    /** A virtual host is never stopped, so there is nothing to start. */
    private Response start(Call call) throws HttpRefusal {
        existing(call);
        if (!call.parameter("node").equals(node.name())) {
            throw HttpRefusal.badRequest("Unknown node: " + call.parameter("node"));
        }
        return Response.empty(204);
    }
}
