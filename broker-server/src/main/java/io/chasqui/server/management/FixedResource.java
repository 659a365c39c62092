package io.chasqui.server.management;

import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Response;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What tools ask for before they begin, and is always the same here. */
final class FixedResource {

    private final NodeFacts node;

    FixedResource(NodeFacts node) {
        this.node = node;
    }

    void mount(Api api) {
        api.get("/feature-flags", Need.MANAGEMENT, call -> listed(call, Offered.featureFlags()));
        api.put("/feature-flags/{name}/enable", Need.ADMINISTRATOR, FixedResource::enable);
        api.get(
                "/deprecated-features",
                Need.MANAGEMENT,
                call -> listed(call, Offered.deprecatedFeatures()));
        api.get("/deprecated-features/used", Need.MANAGEMENT, call -> listed(call, List.of()));
        api.get("/extensions", Need.MANAGEMENT, call -> listed(call, Offered.EXTENSIONS));
        api.get("/auth/attempts/{name}", Need.MONITORING, this::attempts);
        api.get("/auth/attempts/{name}/source", Need.MONITORING, this::attempts);
        api.delete("/auth/attempts/{name}", Need.ADMINISTRATOR, this::forget);
        api.delete("/auth/attempts/{name}/source", Need.ADMINISTRATOR, this::forget);
        api.post("/rebalance/queues", Need.ADMINISTRATOR, _ -> Response.empty(204));
        api.delete("/reset", Need.ADMINISTRATOR, _ -> Response.empty(204));
        api.delete("/reset/{name}", Need.ADMINISTRATOR, this::forget);
    }

    private static Response listed(Call call, List<Map<String, Object>> objects) {
        List<Map<String, @Nullable Object>> fields =
                objects.stream().<Map<String, @Nullable Object>>map(each -> each).toList();
        return Listing.all(call, fields);
    }

    /** All there are on already. */
    private static Response enable(Call call) throws HttpRefusal {
        boolean known =
                Offered.featureFlags().stream()
                        .anyMatch(flag -> call.name().equals(flag.get("name")));
        if (!known) {
            throw HttpRefusal.badRequest("unsupported");
        }
        return Response.empty(204);
    }

    /** Attempts are not counted by protocol here; the metrics count them. */
    private Response attempts(Call call) throws HttpRefusal {
        checkNode(call);
        return listed(call, List.of());
    }

    /** There is nothing to be forgotten. */
    private Response forget(Call call) throws HttpRefusal {
        checkNode(call);
        return Response.empty(204);
    }

    private void checkNode(Call call) throws HttpRefusal {
        if (!call.name().equals(node.name())) {
            throw HttpRefusal.notFound();
        }
    }
}
