package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.session.Session;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Response;
import io.chasqui.server.management.LiveView.Live;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Connections, channels and consumers: {@code /connections}, {@code /channels}, {@code /consumers}. */
final class ConnectionResource {

    private static final String USUAL_REASON = "Closed via management plugin";

    private final Broker broker;
    private final LiveView view;

    ConnectionResource(Broker broker, LiveView view) {
        this.broker = broker;
        this.view = view;
    }

    void mount(Api api) {
        api.get("/connections", Need.MANAGEMENT, call -> connections(call, _ -> true));
        api.get("/connections/username/{name}", Need.MANAGEMENT, this::connectionsOf);
        api.delete("/connections/username/{name}", Need.MANAGEMENT, this::closeAllOf);
        api.get("/connections/{name}", Need.MANAGEMENT, this::one);
        api.delete("/connections/{name}", Need.MANAGEMENT, this::close);
        api.get("/connections/{name}/channels", Need.MANAGEMENT, this::channelsOf);
        api.get("/channels", Need.MANAGEMENT, call -> channels(call, _ -> true));
        api.get("/channels/{name}", Need.MANAGEMENT, this::channel);
        api.get("/consumers", Need.MANAGEMENT, call -> consumers(call, _ -> true));
        api.get("/consumers/{vhost}", Need.VHOST_SEEN, call -> consumers(call, in(call)));
        api.get("/vhosts/{vhost}/connections", Need.VHOST, call -> connections(call, in(call)));
        api.get("/vhosts/{vhost}/channels", Need.VHOST, call -> channels(call, in(call)));
    }

    private static Predicate<Session> of(Call call) {
        return session -> session.user().equals(call.name());
    }

    private static Predicate<Session> in(Call call) {
        return session -> session.vhost().name().equals(call.vhost());
    }

    private static Predicate<Session> named(String name) {
        return session -> session.client().name().equals(name);
    }

    private Response connections(Call call, Predicate<Session> meant) throws Exception {
        Past past = Past.dataRates(call);
        List<Map<String, @Nullable Object>> all =
                view.connections(call, meant).stream()
                        .map(live -> view.connection(live, past))
                        .toList();
        return Listing.paged(call, all);
    }

    private Response connectionsOf(Call call) throws Exception {
        call.caller().checkSees(call.name());
        return connections(call, of(call));
    }

    private Response one(Call call) throws Exception {
        return Listing.one(call, view.connection(existing(call), Past.dataRates(call)));
    }

    private Live existing(Call call) throws HttpRefusal, InterruptedException {
        return existing(call, call.name());
    }

    private Live existing(Call call, String name) throws HttpRefusal, InterruptedException {
        List<Live> found = view.connections(named(name));
        if (found.isEmpty()) {
            throw HttpRefusal.notFound();
        }
        Live live = found.getFirst();
        call.caller().checkSees(live.session().user());
        return live;
    }

    private Response close(Call call) throws Exception {
        Session closed = existing(call).session();
        call.caller().checkCloses(closed.user());
        close(call, session -> session.equals(closed));
        return Response.empty(204);
    }

    private Response closeAllOf(Call call) throws HttpRefusal {
        call.caller().checkCloses(call.name());
        close(call, of(call));
        return Response.empty(204);
    }

    /** The client is told {@code X-Reason} if there is one. */
    private void close(Call call, Predicate<Session> meant) {
        String reason = call.request().header("X-Reason").orElse(USUAL_REASON);
        broker.sessions().end(meant, reason);
    }

    private Response channelsOf(Call call) throws Exception {
        return Listing.all(call, view.channels(existing(call), Past.messageRates(call)));
    }

    private Response channels(Call call, Predicate<Session> meant) throws Exception {
        Past past = Past.messageRates(call);
        List<Map<String, @Nullable Object>> all =
                view.connections(call, meant).stream()
                        .flatMap(live -> view.channels(live, past).stream())
                        .toList();
        return Listing.paged(call, all);
    }

    /** A channel's name is that of its connection and its number: {@code ... (1)}. */
    private Response channel(Call call) throws Exception {
        String name = call.name();
        int number = name.lastIndexOf(" (");
        String connection = number < 0 ? name : name.substring(0, number);
        List<Map<String, @Nullable Object>> found =
                view.channelNamed(existing(call, connection), name, Past.messageRates(call));
        if (found.isEmpty()) {
            throw HttpRefusal.notFound();
        }
        return Listing.one(call, found.getFirst());
    }

    private Response consumers(Call call, Predicate<Session> meant) throws Exception {
        List<Map<String, @Nullable Object>> all =
                view.connections(call, meant).stream()
                        .flatMap(live -> view.consumers(live, _ -> true).stream())
                        .toList();
        return Listing.all(call, all);
    }
}
