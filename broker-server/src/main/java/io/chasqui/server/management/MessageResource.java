package io.chasqui.server.management;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.queue.Settlement;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.protocol.amqp091.BasicProperties;
import io.chasqui.protocol.amqp091.ProtocolException;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Response;
import io.chasqui.server.message.FetchedMessage;
import io.chasqui.server.message.MessageDesk;
import io.chasqui.server.message.PublishOutcome;
import io.chasqui.server.message.WholeMessage;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Publishing and getting: {@code /exchanges/.../publish}, {@code /queues/.../get}. */
final class MessageResource {

    /** Most that one request may get, so that an answer can be held in memory. */
    private static final long MOST_MESSAGES = 10_000;

    private final Broker broker;
    private final Errands errands;
    private final MessageDesk desk;

    MessageResource(Broker broker, Errands errands, MessageDesk desk) {
        this.broker = broker;
        this.errands = errands;
        this.desk = desk;
    }

    void mount(Api api) {
        api.post("/exchanges/{vhost}/{name}/publish", Need.VHOST, this::publish);
        api.post("/queues/{vhost}/{name}/get", Need.VHOST, this::get);
    }

    private Response publish(Call call) throws Exception {
        Body body = call.body();
        body.require("routing_key", "properties", "payload", "payload_encoding");
        String exchange = ExchangeResource.named(call);
        if (broker.vhosts().existing(call.vhost()).exchange(exchange) == null) {
            throw new HttpRefusal(404, "not_found", "exchange_not_found");
        }
        BasicProperties properties = JsonProperties.read(body.inside("properties"));
        WholeMessage message =
                new WholeMessage(exchange, body.text("routing_key"), properties, payload(body));
        try {
            PublishOutcome outcome =
                    errands.<PublishOutcome>run(
                            call,
                            call.vhost(),
                            (session, reply) -> desk.publish(session, message, reply));
            return switch (outcome) {
                case ROUTED -> Response.json(200, Map.of("routed", true));
                case UNROUTABLE -> Response.json(200, Map.of("routed", false));
                case REFUSED ->
                        throw HttpRefusal.badRequest(
                                "rejected Unable to publish message. Check queue limits.");
            };
        } catch (ProtocolException refused) {
            throw HttpRefusal.badRequest(refused.code().code() + " " + refused.text());
        }
    }

    private static byte[] payload(Body body) throws HttpRefusal {
        String payload = body.text("payload");
        String encoding = body.text("payload_encoding");
        return switch (encoding) {
            case "string" -> payload.getBytes(UTF_8);
            case "base64" -> {
                try {
                    yield Base64.getDecoder().decode(payload);
                } catch (IllegalArgumentException _) {
                    throw HttpRefusal.badRequest(List.of("not_base64", payload));
                }
            }
            default -> throw HttpRefusal.badRequest(List.of("unsupported_encoding", encoding));
        };
    }

    private Response get(Call call) throws Exception {
        Body body = call.body();
        body.require("ackmode", "count", "encoding");
        if (broker.vhosts().existing(call.vhost()).queue(call.name()) == null) {
            throw new HttpRefusal(404, "not_found", "queue_not_found");
        }
        errands.admit(call, call.vhost());
        Settlement settlement = settlement(body.text("ackmode"));
        boolean asText = asText(body.text("encoding"));
        long count = Math.clamp(body.number("count"), 0, MOST_MESSAGES);
        long most = Math.clamp(body.number("truncate", Integer.MAX_VALUE), 0, Integer.MAX_VALUE);
        List<FetchedMessage> messages = fetched(call, (int) count, settlement);
        return Response.json(
                200, messages.stream().map(each -> described(each, asText, (int) most)).toList());
    }

    /** RabbitMQ tells here, and nowhere else, what exactly may not be done. */
    private List<FetchedMessage> fetched(Call call, int count, Settlement settlement)
            throws HttpRefusal, InterruptedException {
        try {
            return errands.<List<FetchedMessage>>run(
                    call,
                    call.vhost(),
                    (session, reply) -> desk.fetch(session, call.name(), count, settlement, reply));
        } catch (Refusal.AccessRefused refused) {
            throw new HttpRefusal(401, "not_authorised", "ACCESS_REFUSED - " + refused.text());
        }
    }

    private static Settlement settlement(String mode) throws HttpRefusal {
        return switch (mode) {
            case "ack_requeue_true" -> Settlement.RETURNED;
            case "reject_requeue_true" -> Settlement.REQUEUED;
            case "ack_requeue_false" -> Settlement.ACKNOWLEDGED;
            case "reject_requeue_false" -> Settlement.REJECTED;
            default ->
                    throw HttpRefusal.badRequest(
                            "Invalid ackmode value: "
                                    + mode
                                    + ". Valid values are: ack_requeue_true, ack_requeue_false,"
                                    + " reject_requeue_true, reject_requeue_false");
        };
    }

    private static boolean asText(String encoding) throws HttpRefusal {
        return switch (encoding) {
            case "auto" -> true;
            case "base64" -> false;
            default ->
                    throw HttpRefusal.badRequest(
                            "Unsupported encoding. Please use auto or base64.");
        };
    }

    private static Map<String, @Nullable Object> described(
            FetchedMessage fetched, boolean asText, int most) {
        WholeMessage message = fetched.message();
        Map<String, @Nullable Object> properties = JsonProperties.of(message.properties());
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("payload_bytes", message.body().length);
        fields.put("redelivered", fetched.redelivered());
        fields.put("exchange", message.exchange());
        fields.put("routing_key", message.routingKey());
        fields.put("message_count", fetched.remaining());
        // Erlang's empty list of properties, which clients have learnt to read.
        fields.put("properties", properties.isEmpty() ? List.of() : properties);
        byte[] shown =
                message.body().length > most ? Arrays.copyOf(message.body(), most) : message.body();
        addPayload(fields, shown, asText);
        return fields;
    }

    private static void addPayload(
            Map<String, @Nullable Object> fields, byte[] body, boolean asText) {
        if (asText) {
            try {
                fields.put("payload", UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
                fields.put("payload_encoding", "string");
                return;
            } catch (CharacterCodingException _) {
                // Not text, so it is told like any octets.
            }
        }
        fields.put("payload", Base64.getEncoder().encodeToString(body));
        fields.put("payload_encoding", "base64");
    }
}
