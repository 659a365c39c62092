package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.definition.TopicPermissionDefinition;
import io.chasqui.core.exchange.DefaultExchange;
import io.chasqui.core.vhost.Changed;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who may use which routing keys: {@code /topic-permissions}. */
final class TopicPermissionResource {

    private final Broker broker;

    TopicPermissionResource(Broker broker) {
        this.broker = broker;
    }

    void mount(Api api) {
        api.get("/topic-permissions", Need.ADMINISTRATOR, call -> listed(call, _ -> true));
        api.get("/topic-permissions/{vhost}/{user}", Need.ADMINISTRATOR, this::one);
        api.put("/topic-permissions/{vhost}/{user}", Need.ADMINISTRATOR, this::put);
        api.delete("/topic-permissions/{vhost}/{user}", Need.ADMINISTRATOR, this::delete);
        api.delete(
                "/topic-permissions/{vhost}/{user}/{exchange}", Need.ADMINISTRATOR, this::deleteOf);
        api.get("/vhosts/{vhost}/topic-permissions", Need.ADMINISTRATOR, this::ofVhost);
        api.get("/users/{user}/topic-permissions", Need.ADMINISTRATOR, this::ofUser);
    }

    private Response listed(Call call, Predicate<TopicPermissionDefinition> meant) {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        broker.vhosts().all().stream()
                .map(VirtualHost::name)
                .sorted(Comparator.naturalOrder())
                .forEach(vhost -> all.addAll(in(vhost, meant)));
        return Listing.all(call, all);
    }

    private List<Map<String, @Nullable Object>> in(
            String vhost, Predicate<TopicPermissionDefinition> meant) {
        return broker.accounts().topicPermissions().in(vhost).stream()
                .filter(meant)
                .map(permission -> described(vhost, permission))
                .toList();
    }

    private static Map<String, @Nullable Object> described(
            String vhost, TopicPermissionDefinition permission) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("user", permission.user());
        fields.put("vhost", vhost);
        fields.put("exchange", permission.exchange());
        fields.put("write", permission.write());
        fields.put("read", permission.read());
        return fields;
    }

    private Response ofVhost(Call call) throws HttpRefusal {
        return Listing.all(call, in(Vhosts.existing(broker, call).name(), _ -> true));
    }

    private Response ofUser(Call call) throws HttpRefusal {
        String user = call.parameter("user");
        if (broker.accounts().user(user) == null) {
            throw HttpRefusal.notFound();
        }
        return listed(call, permission -> permission.user().equals(user));
    }

    private List<Map<String, @Nullable Object>> existing(Call call) throws HttpRefusal {
        String user = call.parameter("user");
        List<Map<String, @Nullable Object>> found =
                in(call.vhost(), permission -> permission.user().equals(user));
        if (found.isEmpty()) {
            throw HttpRefusal.notFound();
        }
        return found;
    }

    private Response one(Call call) throws HttpRefusal {
        return Listing.all(call, existing(call));
    }

    private Response put(Call call) throws Exception {
        Body body = call.body();
        body.require("exchange", "write", "read");
        VirtualHost vhost = broker.vhosts().find(call.vhost());
        String user = call.parameter("user");
        if (vhost == null || broker.accounts().user(user) == null) {
            throw HttpRefusal.badRequest("vhost_or_user_not_found");
        }
        String exchange = body.text("exchange");
        if (!exchange.equals(DefaultExchange.NAME) && vhost.exchange(exchange) == null) {
            throw HttpRefusal.badRequest(List.of("no_such_exchange", exchange));
        }
        Changed changed =
                broker.administration()
                        .topicPermissions()
                        .set(
                                vhost.name(),
                                new TopicPermissionDefinition(
                                        user, exchange, body.text("write"), body.text("read")));
        return Changes.put(broker, changed.position(), changed.created());
    }

    private Response delete(Call call) throws Exception {
        existing(call);
        return Changes.done(
                broker,
                broker.administration()
                        .topicPermissions()
                        .clear(call.vhost(), call.parameter("user")));
    }

    private Response deleteOf(Call call) throws Exception {
        String exchange = call.parameter("exchange");
        if (existing(call).stream().noneMatch(each -> exchange.equals(each.get("exchange")))) {
            throw HttpRefusal.notFound();
        }
        return Changes.done(
                broker,
                broker.administration()
                        .topicPermissions()
                        .clear(call.vhost(), call.parameter("user"), exchange));
    }
}
