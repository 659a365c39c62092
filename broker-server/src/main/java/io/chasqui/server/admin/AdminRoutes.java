package io.chasqui.server.admin;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.security.Actor;
import io.chasqui.server.http.Handler;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Response;
import io.chasqui.server.http.Router;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What may be asked and changed over the administration socket, with paths and fields of RabbitMQ's
 * HTTP API where that has them. Whoever can open the socket may do everything.
 */
public final class AdminRoutes {

    /** How long a change may take to reach the disk before the client is told that it has not. */
    private static final long DURABLE_TIMEOUT_S = 30;

    private static final int CREATED = 201;
    private static final int NO_CONTENT = 204;

    private AdminRoutes() {}

    /**
     * @param adjustable settings that can be changed while the broker runs
     */
    public static void mount(
            Router router, Broker broker, String version, List<RuntimeSetting> adjustable) {
        new OperateRoutes(broker, adjustable).mount(router);
        UserRoutes users = new UserRoutes(broker);
        PermissionRoutes permissions = new PermissionRoutes(broker);
        LookRoutes look = new LookRoutes(broker, version);
        router.get("/api/users", refusing(users::list));
        router.put("/api/users/{name}", refusing(users::put));
        router.put("/api/users/{name}/password", refusing(users::changePassword));
        router.put("/api/users/{name}/tags", refusing(users::changeTags));
        router.delete("/api/users/{name}", refusing(users::delete));
        router.get("/api/vhosts", refusing(permissions::listVirtualHosts));
        router.put("/api/vhosts/{vhost}", refusing(permissions::addVirtualHost));
        router.delete("/api/vhosts/{vhost}", refusing(permissions::deleteVirtualHost));
        router.get("/api/permissions", refusing(permissions::list));
        router.put("/api/permissions/{vhost}/{user}", refusing(permissions::set));
        router.delete("/api/permissions/{vhost}/{user}", refusing(permissions::clear));
        router.get("/api/overview", refusing(look::overview));
        router.get("/api/queues", refusing(look::queues));
        router.get("/api/connections", refusing(look::connections));
        router.delete("/api/connections/{name}", refusing(look::close));
    }

    /** Says in HTTP what the core refused. */
    private static Handler refusing(Handler handler) {
        return request -> {
            try {
                return Actor.as(Actor.COMMAND_LINE, () -> handler.handle(request));
            } catch (Refusal refusal) {
                throw switch (refusal) {
                    case Refusal.NotFound _ -> refused(404, "not_found", refusal);
                    case Refusal.AccessRefused _ -> refused(403, "access_refused", refusal);
                    case Refusal.PreconditionFailed _ -> refused(400, "bad_request", refusal);
                    case Refusal.ResourceLocked _ -> refused(409, "resource_locked", refusal);
                    case Refusal.NotAllowed _ -> refused(403, "not_allowed", refusal);
                    case Refusal.NotImplemented _ -> refused(501, "not_implemented", refusal);
                    case Refusal.ResourceError _ -> refused(503, "resource_error", refusal);
                };
            }
        };
    }

    private static HttpRefusal refused(int status, String error, Refusal refusal) {
        return new HttpRefusal(status, error, refusal.text());
    }

    /** Waits until the change is on disk. */
    private static void await(Broker broker, long position) throws Exception {
        broker.durable(position).get(DURABLE_TIMEOUT_S, TimeUnit.SECONDS);
    }

    /** The answer to a change that made or replaced something, once that is on disk. */
    static Response put(Broker broker, long position) throws Exception {
        await(broker, position);
        return Response.empty(CREATED);
    }

    /** The answer to a change that took something away, once that is on disk. */
    static Response deleted(Broker broker, long position) throws Exception {
        await(broker, position);
        return Response.empty(NO_CONTENT);
    }
}
