package io.chasqui.server.admin;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.definition.PermissionDefinition;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Request;
import io.chasqui.server.http.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Virtual hosts and who may do what there: {@code /api/vhosts}, {@code /api/permissions}. */
final class PermissionRoutes {

    private final Broker broker;

    PermissionRoutes(Broker broker) {
        this.broker = broker;
    }

    private List<String> virtualHosts() {
        return broker.vhosts().all().stream().map(VirtualHost::name).sorted().toList();
    }

    Response listVirtualHosts(Request request) {
        return Response.json(
                200,
                broker.vhosts().all().stream()
                        .sorted(Comparator.comparing(VirtualHost::name))
                        .map(vhost ->
                                Map.of("name", vhost.name(), "tracing", vhost.routing().isTraced()))
                        .toList());
    }

    Response addVirtualHost(Request request) throws Exception {
        String name = request.parameter("vhost");
        long position = broker.administration().addVirtualHost(name);
        VirtualHost vhost = broker.vhosts().find(name);
        if (vhost != null && request.jsonObject().get("tracing") instanceof Boolean on) {
            vhost.routing().trace(on);
        }
        return AdminRoutes.put(broker, position);
    }

    Response deleteVirtualHost(Request request) throws Exception {
        return AdminRoutes.deleted(
                broker, broker.administration().deleteVirtualHost(request.parameter("vhost")));
    }

    Response list(Request request) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (String vhost : virtualHosts()) {
            broker.accounts().permissionsIn(vhost).stream()
                    .sorted(Comparator.comparing(PermissionDefinition::user))
                    .forEach(permission -> all.add(described(vhost, permission)));
        }
        return Response.json(200, all);
    }

    private static Map<String, Object> described(String vhost, PermissionDefinition permission) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("user", permission.user());
        fields.put("vhost", vhost);
        fields.put("configure", permission.configure());
        fields.put("write", permission.write());
        fields.put("read", permission.read());
        return fields;
    }

    Response set(Request request) throws Exception {
        Map<String, Object> body = request.jsonObject();
        PermissionDefinition permission =
                new PermissionDefinition(
                        request.parameter("user"),
                        text(body, "configure"),
                        text(body, "write"),
                        text(body, "read"));
        return AdminRoutes.put(
                broker,
                broker.administration().setPermission(request.parameter("vhost"), permission));
    }

    private static String text(Map<String, Object> body, String field) throws HttpRefusal {
        if (body.get(field) instanceof String text) {
            return text;
        }
        throw HttpRefusal.badRequest("key_missing: " + field);
    }

    Response clear(Request request) throws Exception {
        return AdminRoutes.deleted(
                broker,
                broker.administration()
                        .clearPermission(request.parameter("vhost"), request.parameter("user")));
    }
}
