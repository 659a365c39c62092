package io.chasqui.server.amqp10;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.Binary;
import io.chasqui.core.definition.BindingDefinition;
import io.chasqui.core.definition.DestinationKind;
import io.chasqui.core.definition.ExchangeType;
import io.chasqui.core.definition.QueueDeclaration;
import io.chasqui.core.definition.QueueDefinition;
import io.chasqui.core.definition.QueueType;
import io.chasqui.core.exchange.Exchange;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.session.QueueStatus;
import io.chasqui.core.session.Reply;
import io.chasqui.core.session.Session;
import io.chasqui.core.vhost.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The node {@code /management}: queues, exchanges and bindings declared and deleted over 1.0, as
 * RabbitMQ's clients do it. Everything goes through the user's session, like any other request.
 */
final class ManagementNode {

    /** Its address. */
    static final String ADDRESS = "/management";

    private final Session broker;
    private final String nodeName;
    private final Runnable credentialCame;

    /**
     * @param nodeName of the only broker that a queue is on
     * @param credentialCame told of a new one, behind the answer
     */
    ManagementNode(Session broker, String nodeName, Runnable credentialCame) {
        this.broker = broker;
        this.nodeName = nodeName;
        this.credentialCame = credentialCame;
    }

    /** Does what a request asks for; the answer may come later. */
    void handle(ManagementRequest request, Consumer<ManagementAnswer> answer) {
        try {
            dispatch(request, answer);
        } catch (Refusal refusal) {
            answer.accept(refused(refusal));
        } catch (IllegalArgumentException e) {
            answer.accept(
                    new ManagementAnswer(
                            ManagementAnswer.BAD_REQUEST, String.valueOf(e.getMessage())));
        }
    }

    private static ManagementAnswer refused(Refusal refusal) {
        int status =
                switch (refusal) {
                    case Refusal.NotFound _ -> ManagementAnswer.NOT_FOUND;
                    case Refusal.AccessRefused _ -> ManagementAnswer.FORBIDDEN;
                    case Refusal.PreconditionFailed _, Refusal.ResourceLocked _ ->
                            ManagementAnswer.CONFLICT;
                    case Refusal.NotAllowed _, Refusal.NotImplemented _, Refusal.ResourceError _ ->
                            ManagementAnswer.BAD_REQUEST;
                };
        return new ManagementAnswer(status, refusal.text());
    }

    private void dispatch(ManagementRequest request, Consumer<ManagementAnswer> answer) {
        List<String> path = request.path();
        String what = request.method() + " " + shape(path);
        switch (what) {
            case "GET /queues/1" -> getQueue(path.get(1), answer);
            case "PUT /queues/1" -> declareQueue(path.get(1), request, answer);
            case "DELETE /queues/1" ->
                    broker.queues().delete(path.get(1), false, false, counted(answer));
            case "DELETE /queues/2" -> purge(path, answer);
            case "PUT /exchanges/1" -> declareExchange(path.get(1), request, answer);
            case "DELETE /exchanges/1" -> deleteExchange(path.get(1), answer);
            case "POST /bindings/0" -> bind(request, answer);
            case "DELETE /bindings/1" -> unbind(request.last(), answer);
            case "PUT /auth/1" -> putToken(path.get(1), request, answer);
            case "GET /bindings/0" -> answer.accept(listBindings(request.query()));
            default ->
                    answer.accept(
                            new ManagementAnswer(
                                    ManagementAnswer.NOT_FOUND, "there is no such resource"));
        }
    }

    /** The first part of a path, and how many follow. */
    private static String shape(List<String> path) {
        return path.isEmpty() ? "/" : "/" + path.getFirst() + "/" + (path.size() - 1);
    }

    private static Map<?, ?> body(ManagementRequest request) {
        return request.body() instanceof Map<?, ?> map ? map : Map.of();
    }

    private static boolean flag(Map<?, ?> body, String name, boolean otherwise) {
        return body.get(name) instanceof Boolean is ? is : otherwise;
    }

    private static String text(Map<?, ?> body, String name, String otherwise) {
        return body.get(name) instanceof String text ? text : otherwise;
    }

    private static Arguments arguments(Map<?, ?> body) {
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        if (body.get("arguments") instanceof Map<?, ?> given) {
            given.forEach((name, value) -> named.put(String.valueOf(name), value));
        }
        return Arguments.of(named);
    }

    private static <T> Reply<T> reply(
            Consumer<ManagementAnswer> answer, Function<T, ManagementAnswer> ok) {
        return new Reply<>() {
            @Override
            public void ok(T result) {
                answer.accept(ok.apply(result));
            }

            @Override
            public void refused(Refusal refusal) {
                answer.accept(ManagementNode.refused(refusal));
            }
        };
    }

    private static Reply<Long> counted(Consumer<ManagementAnswer> answer) {
        return reply(
                answer,
                messages ->
                        new ManagementAnswer(
                                ManagementAnswer.OK,
                                Map.of("message_count", new ManagementAnswer.Unsigned(messages))));
    }

    /**
     * A new token (OAuth 2). Passwords do not expire: it is taken, and what the user may do is looked at
     * anew, as in RabbitMQ.
     */
    private void putToken(
            String what, ManagementRequest request, Consumer<ManagementAnswer> answer) {
        if (!what.equals("tokens")) {
            throw new IllegalArgumentException("only tokens can be put there");
        }
        if (!(request.body() instanceof Binary)) {
            throw new IllegalArgumentException("a token is a binary");
        }
        answer.accept(ManagementAnswer.done());
        credentialCame.run();
    }

    // -- queues

    private void getQueue(String name, Consumer<ManagementAnswer> answer) {
        Reply<QueueStatus> described =
                reply(answer, status -> described(ManagementAnswer.OK, status));
        try {
            broker.queues().check(name, described);
        } catch (Refusal.NotFound _) {
            throw new Refusal.NotFound(
                    "queue '%s' in vhost '%s' not found".formatted(name, broker.vhost().name()));
        }
    }

    /** Names that the broker keeps for itself. */
    private void checkNotReserved(String kind, String name) {
        if (Names.isReserved(name)) {
            throw new Refusal.AccessRefused(
                    "%s '%s' in vhost '%s' starts with reserved prefix 'amq.'"
                            .formatted(kind, name, broker.vhost().name()));
        }
    }

    private void declareQueue(
            String name, ManagementRequest request, Consumer<ManagementAnswer> answer) {
        checkNotReserved("queue", name);
        Map<?, ?> body = body(request);
        int status =
                broker.vhost().queue(name) == null ? ManagementAnswer.CREATED : ManagementAnswer.OK;
        broker.queues()
                .declare(
                        new QueueDeclaration(
                                name,
                                flag(body, "durable", true),
                                flag(body, "exclusive", false),
                                flag(body, "auto_delete", false),
                                arguments(body)),
                        reply(answer, declared -> described(status, declared)));
    }

    private ManagementAnswer described(int code, QueueStatus status) {
        Map<String, @Nullable Object> about = new LinkedHashMap<>();
        about.put("message_count", new ManagementAnswer.Unsigned(status.ready()));
        about.put("consumer_count", status.consumers());
        about.put("name", status.name());
        about.put("vhost", broker.vhost().name());
        Queue queue = broker.vhost().queue(status.name());
        if (queue != null) {
            QueueDefinition definition = queue.definition();
            // What only its connection sees is called durable, as it is by default: it ends before
            // that matters.
            about.put("durable", definition.durable() || definition.exclusive());
            about.put("auto_delete", definition.autoDelete());
            about.put("exclusive", definition.exclusive());
            about.put("type", QueueType.of(definition.arguments()).wireName());
            about.put("arguments", definition.arguments().asMap());
            about.put("leader", nodeName);
            about.put("replicas", new ManagementAnswer.Strings(List.of(nodeName)));
        }
        return new ManagementAnswer(code, about);
    }

    private void purge(List<String> path, Consumer<ManagementAnswer> answer) {
        if (!path.get(2).equals("messages")) {
            throw new IllegalArgumentException("only messages of a queue can be deleted");
        }
        broker.queues().purge(path.get(1), counted(answer));
    }

    // -- exchanges

    private void declareExchange(
            String name, ManagementRequest request, Consumer<ManagementAnswer> answer) {
        Map<?, ?> body = body(request);
        String type = text(body, "type", "direct");
        if (ExchangeType.named(type).isEmpty()) {
            throw new IllegalArgumentException("invalid exchange type '" + type + "'");
        }
        broker.exchanges().checkMayConfigure(name);
        if (broker.vhost().exchange(name) == null) {
            checkNotReserved("exchange", name);
        }
        broker.exchanges()
                .declare(
                        name,
                        type,
                        flag(body, "durable", true),
                        flag(body, "auto_delete", false),
                        flag(body, "internal", false),
                        arguments(body),
                        () -> answer.accept(ManagementAnswer.done()));
    }

    private void deleteExchange(String name, Consumer<ManagementAnswer> answer) {
        checkNotReserved("exchange", name);
        broker.exchanges().delete(name, false, () -> answer.accept(ManagementAnswer.done()));
    }

    // -- bindings

    private void bind(ManagementRequest request, Consumer<ManagementAnswer> answer) {
        Map<?, ?> body = body(request);
        String source = text(body, "source", "");
        String key = text(body, "binding_key", "");
        Runnable done = () -> answer.accept(ManagementAnswer.done());
        try {
            if (body.get("destination_queue") instanceof String queue) {
                broker.exchanges().bindQueue(queue, source, key, arguments(body), done);
            } else if (body.get("destination_exchange") instanceof String exchange) {
                broker.exchanges().bindExchange(exchange, source, key, arguments(body), done);
            } else {
                throw new IllegalArgumentException("a binding needs a destination");
            }
        } catch (Refusal.NotFound e) {
            // Not the resource that the request is sent to is missing, but what its body names.
            throw new IllegalArgumentException(e.text(), e);
        }
    }

    /** Deletes what {@link BindingPath} names, if it is there. */
    private void unbind(String location, Consumer<ManagementAnswer> answer) {
        BindingPath path = BindingPath.parse(location);
        broker.exchanges().checkMayBind(path.kind(), path.destination(), path.source(), path.key());
        Runnable done = () -> answer.accept(ManagementAnswer.done());
        for (BindingDefinition binding : bindings(path.source())) {
            if (path.isOf(binding)) {
                if (binding.kind() == DestinationKind.QUEUE) {
                    broker.exchanges()
                            .unbindQueue(
                                    binding.destination(),
                                    binding.source(),
                                    binding.routingKey(),
                                    binding.arguments(),
                                    done);
                } else {
                    broker.exchanges()
                            .unbindExchange(
                                    binding.destination(),
                                    binding.source(),
                                    binding.routingKey(),
                                    binding.arguments(),
                                    done);
                }
                return;
            }
        }
        done.run();
    }

    private List<BindingDefinition> bindings(String source) {
        Exchange exchange = broker.vhost().exchange(source);
        return exchange == null ? List.of() : List.copyOf(exchange.bindings());
    }

    private ManagementAnswer listBindings(Map<String, String> query) {
        String source = query.getOrDefault("src", "");
        BindingPath asked =
                new BindingPath(
                        source,
                        query.containsKey("dste")
                                ? DestinationKind.EXCHANGE
                                : DestinationKind.QUEUE,
                        query.getOrDefault("dste", query.getOrDefault("dstq", "")),
                        query.getOrDefault("key", ""),
                        "");
        broker.exchanges()
                .checkMayBind(asked.kind(), asked.destination(), asked.source(), asked.key());
        List<Map<String, @Nullable Object>> found = new ArrayList<>();
        for (BindingDefinition binding : bindings(source)) {
            if (asked.isAlike(binding)) {
                found.add(described(binding));
            }
        }
        return new ManagementAnswer(ManagementAnswer.OK, found);
    }

    private static Map<String, @Nullable Object> described(BindingDefinition binding) {
        Map<String, @Nullable Object> about = new LinkedHashMap<>();
        about.put("source", binding.source());
        about.put(
                binding.kind() == DestinationKind.QUEUE
                        ? "destination_queue"
                        : "destination_exchange",
                binding.destination());
        about.put("binding_key", binding.routingKey());
        about.put("arguments", binding.arguments().asMap());
        about.put("location", "/bindings/" + BindingPath.of(binding).encode());
        return about;
    }
}
