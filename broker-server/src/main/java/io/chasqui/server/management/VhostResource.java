package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.definition.PermissionDefinition;
import io.chasqui.core.definition.QueueType;
import io.chasqui.core.definition.VirtualHostDescription;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Response;
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
        return Listing.paged(call, described(call, Vhosts.listed(broker, call)));
    }

    private Response one(Call call) throws Exception {
        return Listing.one(call, described(call, List.of(existing(call))).getFirst());
    }

    private VirtualHost existing(Call call) throws HttpRefusal {
        VirtualHost vhost = broker.vhosts().find(call.vhost());
        if (vhost == null) {
            throw HttpRefusal.notFound();
        }
        return vhost;
    }

    private List<Map<String, @Nullable Object>> described(Call call, List<VirtualHost> vhosts)
            throws Exception {
        sampler.watch(call);
        Past lengths = Past.lengths(call);
        Past rates = Past.messageRates(call);
        return VhostFigures.of(broker, sampler, vhosts).stream()
                .map(figures -> described(figures, lengths, rates))
                .toList();
    }

    private Map<String, @Nullable Object> described(
            VhostFigures figures, Past lengths, Past rates) {
        VirtualHost vhost = figures.vhost();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("name", vhost.name());
        Map<String, Object> metadata = metadata(vhost);
        fields.putAll(metadata);
        fields.put("metadata", metadata);
        fields.put("protected_from_deletion", vhost.description().isProtected());
        fields.put("tracing", vhost.routing().isTraced());
        fields.put("cluster_state", Map.of(node.name(), "running"));
        figures.tellTotals(fields, lengths);
        figures.tellStats(fields, rates);
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
            now.routing().trace(body.flag("tracing", false));
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
