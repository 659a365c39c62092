package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.UserDefinition;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.core.vhost.VirtualHostParameters;
import io.chasqui.server.definitions.JsonValues;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** How much virtual hosts and users may use: {@code /vhost-limits}, {@code /user-limits}. */
final class LimitResource {

    private final Broker broker;

    LimitResource(Broker broker) {
        this.broker = broker;
    }

    void mount(Api api) {
        api.get("/vhost-limits", Need.MANAGEMENT, this::ofVhosts);
        api.get("/vhost-limits/{vhost}", Need.VHOST_SEEN, this::ofVhost);
        api.put("/vhost-limits/{vhost}/{name}", Need.ADMINISTRATOR, this::putOfVhost);
        api.delete("/vhost-limits/{vhost}/{name}", Need.ADMINISTRATOR, this::deleteOfVhost);
        api.get("/user-limits", Need.ADMINISTRATOR, this::ofUsers);
        api.get("/user-limits/{user}", Need.MANAGEMENT, this::ofUser);
        api.put("/user-limits/{user}/{name}", Need.ADMINISTRATOR, this::putOfUser);
        api.delete("/user-limits/{user}/{name}", Need.ADMINISTRATOR, this::deleteOfUser);
    }

    /** As in RabbitMQ a virtual host stays in this list when its last limit is cleared. */
    private Response ofVhosts(Call call) {
        return Listing.all(
                call, limited(Vhosts.listed(broker, call), VirtualHostParameters::hasLimits));
    }

    private Response ofVhost(Call call) throws HttpRefusal {
        return Listing.all(
                call,
                limited(
                        List.of(Vhosts.existing(broker, call)),
                        parameters -> !parameters.limits().isEmpty()));
    }

    private static List<Map<String, @Nullable Object>> limited(
            List<VirtualHost> vhosts, Predicate<VirtualHostParameters> shown) {
        return vhosts.stream()
                .filter(vhost -> shown.test(vhost.parameters()))
                .map(vhost -> described("vhost", vhost.name(), vhost.parameters().limits()))
                .toList();
    }

    private static Map<String, @Nullable Object> described(
            String kind, String name, Arguments limits) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put(kind, name);
        fields.put("value", JsonValues.json(limits));
        return fields;
    }

    private static @Nullable Object value(Call call) throws HttpRefusal {
        Body body = call.body();
        body.require("value");
        return JsonValues.plain(body.get("value"));
    }

    private Response putOfVhost(Call call) throws Exception {
        VirtualHost vhost = Vhosts.toChange(broker, call);
        return Changes.done(broker, vhost.parameters().setLimit(call.name(), value(call)));
    }

    private Response deleteOfVhost(Call call) throws Exception {
        VirtualHost vhost = Vhosts.toChange(broker, call);
        return Changes.done(broker, vhost.parameters().clearLimit(call.name()));
    }

    private Response ofUsers(Call call) {
        return Listing.all(
                call,
                broker.accounts().users().stream()
                        .map(UserDefinition::name)
                        .filter(user -> !broker.accounts().limits(user).isEmpty())
                        .sorted()
                        .map(user -> described("user", user, broker.accounts().limits(user)))
                        .toList());
    }

    private Response ofUser(Call call) throws HttpRefusal {
        call.caller().checkSees(call.parameter("user"));
        String user = existingUser(call);
        Arguments limits = broker.accounts().limits(user);
        return Listing.all(
                call, limits.isEmpty() ? List.of() : List.of(described("user", user, limits)));
    }

    private String existingUser(Call call) throws HttpRefusal {
        String user = call.parameter("user");
        if (broker.accounts().user(user) == null) {
            throw HttpRefusal.notFound();
        }
        return user;
    }

    private Response putOfUser(Call call) throws Exception {
        String user = call.parameter("user");
        Object value = value(call);
        if (broker.accounts().user(user) == null) {
            throw HttpRefusal.badRequest(List.of("no_such_user", user));
        }
        return Changes.done(
                broker, broker.administration().userLimits().set(user, call.name(), value));
    }

    /** A user that is not there is told of in RabbitMQ's words, which are those for virtual hosts. */
    private Response deleteOfUser(Call call) throws Exception {
        String user = call.parameter("user");
        if (broker.accounts().user(user) == null) {
            throw Vhosts.notThereToChange();
        }
        return Changes.done(broker, broker.administration().userLimits().clear(user, call.name()));
    }
}
