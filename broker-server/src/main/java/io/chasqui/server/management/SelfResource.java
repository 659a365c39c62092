package io.chasqui.server.management;

import io.chasqui.server.http.Response;
import java.util.LinkedHashMap;
import java.util.Map;

/** Who asks, and whom: {@code /whoami}, {@code /version}, {@code /cluster-name}. */
final class SelfResource {

    private final NodeFacts node;
    private final ClusterName cluster;

    SelfResource(NodeFacts node, ClusterName cluster) {
        this.cluster = cluster;
        this.node = node;
    }

    void mount(Api api) {
        api.get("/whoami", Need.MANAGEMENT, SelfResource::whoami);
        api.get("/version", Need.NOBODY, _ -> Response.json(200, node.rabbitmqVersion()));
        api.get("/cluster-name", Need.MANAGEMENT, this::clusterName);
        api.put("/cluster-name", Need.ADMINISTRATOR, this::rename);
    }

    private static Response whoami(Call call) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", call.caller().user());
        fields.put("tags", call.caller().tags());
        fields.put("is_internal_user", true);
        return Listing.one(call, fields);
    }

    private Response clusterName(Call call) {
        return Listing.one(call, Map.of("name", cluster.get()));
    }

    private Response rename(Call call) throws Exception {
        cluster.set(call.body().text("name"));
        return Response.empty(204);
    }
}
