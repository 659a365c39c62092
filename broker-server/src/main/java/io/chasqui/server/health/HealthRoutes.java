package io.chasqui.server.health;

import io.chasqui.server.http.Response;
import io.chasqui.server.http.Router;
import java.util.Map;

/**
 * {@code /health/live} and {@code /health/ready}: 200 if it is, 503 if not, and why. Nobody has to
 * log in for them.
 */
public final class HealthRoutes {

    private HealthRoutes() {}

    public static void mount(Router router, Health health) {
        router.get("/health/live", _ -> response(health.live()));
        router.get("/health/ready", _ -> response(health.ready()));
    }

    private static Response response(Health.Verdict verdict) {
        return switch (verdict) {
            case Health.Verdict.Well(var alarms) ->
                    Response.json(200, Map.of("status", "ok", "alarms", alarms));
            case Health.Verdict.Ill(var reason) ->
                    Response.json(503, Map.of("status", "failed", "reason", reason));
        };
    }
}
