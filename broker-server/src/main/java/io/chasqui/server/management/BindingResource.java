package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.BindingDefinition;
import io.chasqui.core.definition.DestinationKind;
import io.chasqui.core.exchange.Exchange;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.server.definitions.JsonValues;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Response;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Bindings: {@code /bindings}, and those of one exchange or queue. Every queue is listed with its
 * implicit binding to the default exchange.
 */
final class BindingResource {

    private static final Comparator<BindingDefinition> ORDER =
            Comparator.comparing(BindingDefinition::source)
                    .thenComparing(BindingDefinition::destination)
                    .thenComparing(BindingDefinition::kind)
                    .thenComparing(BindingDefinition::routingKey)
                    .thenComparing(PropertiesKey::of);

    private final Broker broker;
    private final Errands errands;

    BindingResource(Broker broker, Errands errands) {
        this.broker = broker;
        this.errands = errands;
    }

    void mount(Api api) {
        String between = "/bindings/{vhost}/e/{source}/{kind}/{destination}";
        api.get("/bindings", Need.MANAGEMENT, this::all);
        api.get("/bindings/{vhost}", Need.VHOST, this::ofVhost);
        api.get(between, Need.VHOST, this::between);
        api.post(between, Need.VHOST, this::bind);
        api.get(between + "/{props}", Need.VHOST, this::one);
        api.delete(between + "/{props}", Need.VHOST, this::unbind);
        api.get("/exchanges/{vhost}/{name}/bindings/source", Need.VHOST, this::fromExchange);
        api.get("/exchanges/{vhost}/{name}/bindings/destination", Need.VHOST, this::toExchange);
        api.get("/queues/{vhost}/{name}/bindings", Need.VHOST, this::toQueue);
    }

    private Response all(Call call) {
        return Listing.all(
                call,
                Vhosts.seen(broker, call).stream()
                        .flatMap(vhost -> described(vhost, in(vhost)).stream())
                        .toList());
    }

    private Response ofVhost(Call call) {
        VirtualHost vhost = vhost(call);
        return listed(call, in(vhost));
    }

    private VirtualHost vhost(Call call) {
        return broker.vhosts().existing(call.vhost());
    }

    private Response listed(Call call, Stream<BindingDefinition> bindings) {
        return Listing.all(call, described(vhost(call), bindings));
    }

    private static List<Map<String, @Nullable Object>> described(
            VirtualHost vhost, Stream<BindingDefinition> bindings) {
        return bindings.sorted(ORDER).map(binding -> described(vhost, binding)).toList();
    }

    private static Map<String, @Nullable Object> described(
            VirtualHost vhost, BindingDefinition binding) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("source", binding.source());
        fields.put("vhost", vhost.name());
        fields.put("destination", binding.destination());
        fields.put(
                "destination_type",
                switch (binding.kind()) {
                    case QUEUE -> "queue";
                    case EXCHANGE -> "exchange";
                });
        fields.put("routing_key", binding.routingKey());
        fields.put("arguments", JsonValues.json(binding.arguments()));
        fields.put("properties_key", PropertiesKey.of(binding));
        return fields;
    }

    private static Stream<BindingDefinition> in(VirtualHost vhost) {
        return Stream.concat(
                vhost.queues().stream().map(BindingResource::implicit),
                vhost.exchanges().stream().flatMap(exchange -> exchange.bindings().stream()));
    }

    private static BindingDefinition implicit(Queue queue) {
        return new BindingDefinition(
                "", DestinationKind.QUEUE, queue.name(), queue.name(), Arguments.EMPTY);
    }

    private static Stream<BindingDefinition> from(VirtualHost vhost, String source) {
        if (source.isEmpty()) {
            return vhost.queues().stream().map(BindingResource::implicit);
        }
        Exchange exchange = vhost.exchange(source);
        return exchange == null ? Stream.empty() : exchange.bindings().stream();
    }

    private Response fromExchange(Call call) {
        return listed(call, from(vhost(call), ExchangeResource.named(call)));
    }

    private Response toExchange(Call call) {
        return listed(
                call,
                in(vhost(call))
                        .filter(binding -> binding.kind() == DestinationKind.EXCHANGE)
                        .filter(binding -> binding.destination().equals(call.name())));
    }

    private Response toQueue(Call call) throws HttpRefusal {
        VirtualHost vhost = vhost(call);
        Queue queue = vhost.queue(call.name());
        if (queue == null) {
            throw HttpRefusal.notFound();
        }
        return listed(
                call, Stream.concat(Stream.of(implicit(queue)), vhost.bindingsTo(queue).stream()));
    }

    private Response between(Call call) throws HttpRefusal {
        return listed(call, joining(call));
    }

    private Stream<BindingDefinition> joining(Call call) throws HttpRefusal {
        DestinationKind kind = kind(call);
        String destination = call.parameter("destination");
        return from(vhost(call), source(call))
                .filter(binding -> binding.kind() == kind)
                .filter(binding -> binding.destination().equals(destination));
    }

    private static String source(Call call) {
        String source = call.parameter("source");
        return source.equals(ExchangeResource.DEFAULT_EXCHANGE) ? "" : source;
    }

    private static DestinationKind kind(Call call) throws HttpRefusal {
        return switch (call.parameter("kind")) {
            case "q" -> DestinationKind.QUEUE;
            case "e" -> DestinationKind.EXCHANGE;
            default -> throw HttpRefusal.notFound();
        };
    }

    private BindingDefinition meant(Call call) throws HttpRefusal {
        String props = call.parameter("props");
        return joining(call)
                .filter(binding -> PropertiesKey.isMeant(props, binding))
                .findFirst()
                .orElseThrow(HttpRefusal::notFound);
    }

    private Response one(Call call) throws HttpRefusal {
        return Listing.one(call, described(vhost(call), meant(call)));
    }

    private Response bind(Call call) throws Exception {
        Body body = call.body();
        BindingDefinition binding =
                new BindingDefinition(
                        source(call),
                        kind(call),
                        call.parameter("destination"),
                        body.optionalText("routing_key").orElse(""),
                        body.arguments("arguments"));
        errands.<Boolean>run(
                call,
                call.vhost(),
                (session, reply) -> {
                    switch (binding.kind()) {
                        case QUEUE ->
                                session.exchanges()
                                        .bindQueue(
                                                binding.destination(),
                                                binding.source(),
                                                binding.routingKey(),
                                                binding.arguments(),
                                                () -> reply.ok(true));
                        case EXCHANGE ->
                                session.exchanges()
                                        .bindExchange(
                                                binding.destination(),
                                                binding.source(),
                                                binding.routingKey(),
                                                binding.arguments(),
                                                () -> reply.ok(true));
                    }
                });
        String where =
                PropertiesKey.encoded(binding.destination())
                        + "/"
                        + PropertiesKey.encoded(PropertiesKey.of(binding));
        return Response.empty(201).with("location", where);
    }

    private Response unbind(Call call) throws Exception {
        BindingDefinition binding = meant(call);
        errands.<Boolean>run(
                call,
                call.vhost(),
                (session, reply) -> {
                    switch (binding.kind()) {
                        case QUEUE ->
                                session.exchanges()
                                        .unbindQueue(
                                                binding.destination(),
                                                binding.source(),
                                                binding.routingKey(),
                                                binding.arguments(),
                                                () -> reply.ok(true));
                        case EXCHANGE ->
                                session.exchanges()
                                        .unbindExchange(
                                                binding.destination(),
                                                binding.source(),
                                                binding.routingKey(),
                                                binding.arguments(),
                                                () -> reply.ok(true));
                    }
                });
        return Response.empty(204);
    }
}
