package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.ExchangeDefinition;
import io.chasqui.core.definition.ExchangeType;
import io.chasqui.core.exchange.Exchange;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.server.definitions.JsonValues;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Response;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Exchanges: {@code /exchanges}. */
final class ExchangeResource {

    /** What the default exchange is called where a path cannot be empty. */
    static final String DEFAULT_EXCHANGE = "amq.default";

    private final Broker broker;
    private final Errands errands;
    private final Sampler sampler;

    ExchangeResource(Broker broker, Errands errands, Sampler sampler) {
        this.broker = broker;
        this.errands = errands;
        this.sampler = sampler;
    }

    void mount(Api api) {
        api.get("/exchanges", Need.MANAGEMENT, this::all);
        api.get("/exchanges/{vhost}", Need.VHOST, this::ofVhost);
        api.get("/exchanges/{vhost}/{name}", Need.VHOST, this::one);
        api.put("/exchanges/{vhost}/{name}", Need.VHOST, this::put);
        api.delete("/exchanges/{vhost}/{name}", Need.VHOST, this::delete);
    }

    /** The name in the path, which may be written out for the default exchange. */
    static String named(Call call) {
        return call.name().equals(DEFAULT_EXCHANGE) ? "" : call.name();
    }

    private Response all(Call call) throws Exception {
        return Listing.paged(call, described(call, Vhosts.seen(broker, call)));
    }

    private Response ofVhost(Call call) throws Exception {
        VirtualHost vhost = broker.vhosts().existing(call.vhost());
        return Listing.paged(call, described(call, List.of(vhost)));
    }

    private List<Map<String, @Nullable Object>> described(Call call, Collection<VirtualHost> vhosts)
            throws Exception {
        sampler.watch(call);
        Past past = Past.messageRates(call);
        List<Exchange> exchanges =
                vhosts.stream().flatMap(vhost -> vhost.exchanges().stream()).toList();
        Map<Exchange, ExchangeFigures> figures = ExchangeFigures.of(broker, sampler, exchanges);
        return vhosts.stream()
                .flatMap(vhost ->
                        vhost.exchanges().stream()
                                .sorted(Comparator.comparing(each -> each.definition().name()))
                                .map(each -> described(vhost, each, figures.get(each), past)))
                .toList();
    }

    private static Map<String, @Nullable Object> described(
            VirtualHost vhost, Exchange described, @Nullable ExchangeFigures figures, Past past) {
        ExchangeDefinition exchange = described.definition();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("name", exchange.name());
        fields.put("vhost", vhost.name());
        fields.put("type", exchange.type().wireName());
        fields.put("durable", exchange.durable());
        fields.put("auto_delete", exchange.autoDelete());
        fields.put("internal", exchange.internal());
        fields.put("arguments", JsonValues.json(exchange.arguments()));
        String policy = vhost.policies().of(described).policyName();
        if (policy != null) {
            fields.put("policy", policy);
        }
        if (figures != null) {
            figures.tell(fields, past);
        }
        return fields;
    }

    /** Which channels publish how much, and what goes to which queue, is not counted. */
    private Response one(Call call) throws Exception {
        sampler.watch(call);
        Exchange exchange = existing(call);
        Map<String, @Nullable Object> fields =
                described(
                        broker.vhosts().existing(call.vhost()),
                        exchange,
                        ExchangeFigures.of(broker, sampler, List.of(exchange)).get(exchange),
                        Past.messageRates(call));
        fields.put("incoming", List.of());
        fields.put("outgoing", List.of());
        return Listing.one(call, fields);
    }

    private Exchange existing(Call call) throws HttpRefusal {
        Exchange exchange = broker.vhosts().existing(call.vhost()).exchange(named(call));
        if (exchange == null) {
            throw HttpRefusal.notFound();
        }
        return exchange;
    }

    private Response put(Call call) throws Exception {
        Body body = call.body();
        String name = named(call);
        String type = body.optionalText("type").orElse("direct");
        if (ExchangeType.named(type).isEmpty()) {
            throw HttpRefusal.badRequest("unknown exchange type '" + type + "'");
        }
        boolean durable = body.flag("durable", false);
        boolean autoDelete = body.flag("auto_delete", false);
        boolean internal = body.flag("internal", false);
        Arguments arguments = body.arguments("arguments");
        boolean isNew = broker.vhosts().existing(call.vhost()).exchange(name) == null;
        errands.<Boolean>run(
                call,
                call.vhost(),
                (session, reply) ->
                        session.exchanges()
                                .declare(
                                        name,
                                        type,
                                        durable,
                                        autoDelete,
                                        internal,
                                        arguments,
                                        () -> reply.ok(true)));
        return Response.empty(isNew ? 201 : 204);
    }

    private Response delete(Call call) throws Exception {
        String name = existing(call).definition().name();
        Optional<String> ifUnused = call.query("if-unused");
        errands.<Boolean>run(
                call,
                call.vhost(),
                (session, reply) ->
                        session.exchanges()
                                .delete(
                                        name,
                                        ifUnused.filter("true"::equals).isPresent(),
                                        () -> reply.ok(true)));
        return Response.empty(204);
    }
}
