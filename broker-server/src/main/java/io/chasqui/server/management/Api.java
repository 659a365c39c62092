package io.chasqui.server.management;

import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.security.Accounts;
import io.chasqui.core.security.Actor;
import io.chasqui.core.vhost.VirtualHosts;
import io.chasqui.server.http.Handler;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Request;
import io.chasqui.server.http.Response;
import io.chasqui.server.http.Router;
import java.util.List;

/**
 * The paths below {@code /api}: whoever asks must have logged in and be what the path needs, and
 * what the broker refuses is said in HTTP.
 */
public final class Api {

    private static final Caller NOBODY = new Caller("", List.of(), new Accounts());

    private final Router router;
    private final Identity logIns;
    private final VirtualHosts vhosts;

    Api(Router router, Identity logIns, VirtualHosts vhosts) {
        this.router = router;
        this.logIns = logIns;
        this.vhosts = vhosts;
    }

    /**
     * Adds an endpoint; of two templates that fit a path, the one added first counts.
     *
     * @param template below {@code /api}; braces stand for one segment, a virtual host's is {@code
     *     {vhost}}
     */
    public Api get(String template, Need need, Endpoint endpoint) {
        router.get("/api" + template, handler(need, endpoint));
        return this;
    }

    public Api put(String template, Need need, Endpoint endpoint) {
        router.put("/api" + template, handler(need, endpoint));
        return this;
    }

    public Api post(String template, Need need, Endpoint endpoint) {
        router.post("/api" + template, handler(need, endpoint));
        return this;
    }

    public Api delete(String template, Need need, Endpoint endpoint) {
        router.delete("/api" + template, handler(need, endpoint));
        return this;
    }

    private Handler handler(Need need, Endpoint endpoint) {
        return request -> {
            if (need == Need.NOBODY) {
                return answer(endpoint, new Call(request, NOBODY));
            }
            return switch (logIns.logIn(request)) {
                case LogIns.Outcome.Refused(Response response) -> response;
                case LogIns.Outcome.Accepted(Caller caller) -> {
                    need.check(caller);
                    if (need.isInVhost()) {
                        checkVhost(request, need, caller);
                    }
                    yield answer(endpoint, new Call(request, caller));
                }
            };
        };
    }

    /** What is not there and what may not be seen are told apart as little as in RabbitMQ. */
    private void checkVhost(Request request, Need need, Caller caller) throws HttpRefusal {
        String vhost = request.parameter("vhost");
        if (vhosts.find(vhost) == null) {
            throw changes(request) ? Vhosts.notThereToChange() : HttpRefusal.notFound();
        }
        if (!need.admits(caller, vhost)) {
            throw new HttpRefusal(404, "not_found", "Not Found");
        }
    }

    private static boolean changes(Request request) {
        return request.method().equals("PUT") || request.method().equals("POST");
    }

    private static Response answer(Endpoint endpoint, Call call) throws Exception {
        try {
            return Actor.as(call.caller().actor(), () -> endpoint.answer(call));
        } catch (Refusal refusal) {
            throw refused(refusal);
        }
    }

    /** How RabbitMQ's interface tells the refusals of the broker. */
    private static HttpRefusal refused(Refusal refusal) {
        return switch (refusal) {
            case Refusal.NotFound _ -> new HttpRefusal(404, "not_found", refusal.text());
            case Refusal.AccessRefused _ ->
                    new HttpRefusal(401, "not_authorised", "Access refused.");
            case Refusal.PreconditionFailed _,
                    Refusal.ResourceLocked _,
                    Refusal.NotAllowed _,
                    Refusal.NotImplemented _,
                    Refusal.ResourceError _ ->
                    HttpRefusal.badRequest(refusal.text());
        };
    }
}
