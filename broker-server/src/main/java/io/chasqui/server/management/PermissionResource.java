package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.definition.PermissionDefinition;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who may do what where: {@code /permissions}. */
final class PermissionResource {

    private final Broker broker;

    PermissionResource(Broker broker) {
        this.broker = broker;
    }

    void mount(Api api) {
        api.get("/permissions", Need.ADMINISTRATOR, this::all);
        api.get("/permissions/{vhost}/{user}", Need.ADMINISTRATOR, this::one);
        api.put("/permissions/{vhost}/{user}", Need.ADMINISTRATOR, this::put);
        api.delete("/permissions/{vhost}/{user}", Need.ADMINISTRATOR, this::delete);
        api.get("/vhosts/{vhost}/permissions", Need.ADMINISTRATOR, this::ofVhost);
    }

    private Response all(Call call) {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        broker.vhosts().all().stream()
                .map(VirtualHost::name)
                .sorted()
                .forEach(vhost -> all.addAll(in(vhost)));
        return Listing.all(call, all);
    }

    private Response ofVhost(Call call) throws HttpRefusal {
        if (broker.vhosts().find(call.vhost()) == null) {
            throw HttpRefusal.notFound();
        }
        return Listing.all(call, in(call.vhost()));
    }

    private List<Map<String, @Nullable Object>> in(String vhost) {
        return broker.accounts().permissionsIn(vhost).stream()
                .sorted(Comparator.comparing(PermissionDefinition::user))
                .map(permission -> UserResource.described(vhost, permission))
                .toList();
    }

    private Response one(Call call) throws HttpRefusal {
        return Listing.one(call, UserResource.described(call.vhost(), existing(call)));
    }

    private PermissionDefinition existing(Call call) throws HttpRefusal {
        return broker.accounts().permissionsIn(call.vhost()).stream()
                .filter(permission -> permission.user().equals(call.parameter("user")))
                .findFirst()
                .orElseThrow(HttpRefusal::notFound);
    }

    private Response put(Call call) throws Exception {
        Body body = call.body();
        body.require("configure", "write", "read");
        String vhost = call.vhost();
        String user = call.parameter("user");
        if (broker.vhosts().find(vhost) == null || broker.accounts().user(user) == null) {
            throw HttpRefusal.badRequest("vhost_or_user_not_found");
        }
        boolean isNew = broker.accounts().permission(user, vhost) == null;
        PermissionDefinition permission =
                new PermissionDefinition(
                        user, body.text("configure"), body.text("write"), body.text("read"));
        return Changes.put(broker, broker.administration().setPermission(vhost, permission), isNew);
    }

    private Response delete(Call call) throws Exception {
        String user = existing(call).user();
        return Changes.done(broker, broker.administration().clearPermission(call.vhost(), user));
    }
}
