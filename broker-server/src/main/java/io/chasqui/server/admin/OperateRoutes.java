package io.chasqui.server.admin;

import io.chasqui.core.Alarms;
import io.chasqui.core.boot.Broker;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Request;
import io.chasqui.server.http.Response;
import io.chasqui.server.http.Router;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What only the owner of the broker may do, for tests and maintenance: alarms raised by hand ({@code
 * /api/alarms}) and settings changed until the next restart ({@code /api/runtime}).
 */
final class OperateRoutes {

    private final Broker broker;
    private final List<RuntimeSetting> settings;

    OperateRoutes(Broker broker, List<RuntimeSetting> settings) {
        this.broker = broker;
        this.settings = settings;
    }

    void mount(Router router) {
        router.get("/api/alarms", this::alarms);
        router.put("/api/alarms/{resource}", request -> alarm(request, true));
        router.delete("/api/alarms/{resource}", request -> alarm(request, false));
        router.get("/api/runtime", this::settings);
        router.get("/api/runtime/{name}", this::setting);
        router.put("/api/runtime/{name}", this::change);
    }

    private Response alarms(Request request) {
        return Response.json(
                200,
                Arrays.stream(Alarms.Shortage.values())
                        .filter(broker.alarms().raised()::contains)
                        .map(this::described)
                        .toList());
    }

    private Map<String, Object> described(Alarms.Shortage shortage) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("resource", name(shortage));
        fields.put("by_hand", broker.alarms().byHand().contains(shortage));
        return fields;
    }

    private static String name(Alarms.Shortage shortage) {
        return shortage.name().toLowerCase(Locale.ROOT);
    }

    private Response alarm(Request request, boolean isShort) throws HttpRefusal {
        String resource = request.parameter("resource");
        Alarms.Shortage shortage =
                Arrays.stream(Alarms.Shortage.values())
                        .filter(each -> name(each).equals(resource))
                        .findFirst()
                        .orElseThrow(() ->
                                new HttpRefusal(
                                        404,
                                        "not_found",
                                        "no alarm '" + resource + "': memory or disk"));
        broker.alarms().setByHand(shortage, isShort);
        return Response.empty(204);
    }

    private Response settings(Request request) {
        return Response.json(200, settings.stream().map(OperateRoutes::described).toList());
    }

    private static Map<String, Object> described(RuntimeSetting setting) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", setting.name());
        fields.put("value", setting.value().get());
        return fields;
    }

    private Response setting(Request request) throws HttpRefusal {
        return Response.json(200, described(named(request)));
    }

    private RuntimeSetting named(Request request) throws HttpRefusal {
        String name = request.parameter("name");
        return settings.stream()
                .filter(setting -> setting.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new HttpRefusal(
                                404,
                                "not_found",
                                "no setting '" + name + "' can be changed while the broker runs"));
    }

    private Response change(Request request) throws HttpRefusal {
        RuntimeSetting setting = named(request);
        if (!(request.jsonObject().get("value") instanceof String value)) {
            throw HttpRefusal.badRequest("key_missing: value");
        }
        try {
            setting.change().accept(value);
        } catch (IllegalArgumentException _) {
            throw HttpRefusal.badRequest(
                    "'" + value + "' is no value for '" + setting.name() + "'");
        }
        return Response.empty(204);
    }
}
