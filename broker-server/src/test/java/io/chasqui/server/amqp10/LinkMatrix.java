package io.chasqui.server.amqp10;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.protocol.amqp10.MessageSections;
import io.chasqui.protocol.amqp10.ValueWriter;
import io.chasqui.server.http.Json;
import io.chasqui.server.testing.Amqp10Peer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.Begin;
import org.apache.qpid.proton.amqp.transport.Close;
import org.apache.qpid.proton.amqp.transport.Detach;
import org.apache.qpid.proton.amqp.transport.Disposition;
import org.apache.qpid.proton.amqp.transport.End;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;
import org.apache.qpid.proton.amqp.transport.Flow;
import org.apache.qpid.proton.amqp.transport.Open;
import org.apache.qpid.proton.amqp.transport.Role;
import org.apache.qpid.proton.amqp.transport.SenderSettleMode;
import org.apache.qpid.proton.amqp.transport.Transfer;
import org.apache.qpid.proton.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * Has everything that AMQP 1.0 can ask for asked with every combination of permissions, and writes down
 * what a broker answers, a line each.
 */
final class LinkMatrix implements AutoCloseable {

    private static final String VHOST = "linkmatrix";
    private static final String USER = "linkmatrix-user";

    /** Configure, write, read. */
    private static final Map<String, List<String>> PERMISSIONS = permissions();

    private static final Map<String, Operation> OPERATIONS = operations();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI http;
    private final int port;

    /** Something asked of a broker, and what it answers. */
    @FunctionalInterface
    private interface Operation {
        String ask(Amqp10Peer peer) throws IOException;
    }

    /**
     * @param http where the management interface is, without a path
     */
    LinkMatrix(URI http, int port) throws IOException {
        this.http = http;
        this.port = port;
        must("PUT", "/users/" + USER, Map.of("password", "pw", "tags", ""));
    }

    private static Map<String, List<String>> permissions() {
        Map<String, List<String>> of = new LinkedHashMap<>();
        of.put("none", List.of("", "", ""));
        of.put("configure", List.of(".*", "", ""));
        of.put("write", List.of("", ".*", ""));
        of.put("read", List.of("", "", ".*"));
        of.put("configure write", List.of(".*", ".*", ""));
        of.put("configure read", List.of(".*", "", ".*"));
        of.put("write read", List.of("", ".*", ".*"));
        of.put("all", List.of(".*", ".*", ".*"));
        of.put("named", List.of("^nq$", "^(q1|x1)$", "q1"));
        return of;
    }

    private static Map<String, Operation> operations() {
        Map<String, Operation> of = new LinkedHashMap<>();
        of.put("send to queue", peer -> send(peer, "/queues/q1", Messages.data("m")));
        of.put("send to missing queue", peer -> send(peer, "/queues/nosuch", Messages.data("m")));
        of.put("send to exchange", peer -> send(peer, "/exchanges/x1", Messages.data("m")));
        of.put("send to key", peer -> send(peer, "/exchanges/x1/q1", Messages.data("m")));
        of.put("send to topic", peer -> send(peer, "/exchanges/amq.topic/q1", Messages.data("m")));
        of.put("send to missing exchange", peer -> send(peer, "/exchanges/no", Messages.data("m")));
        of.put("send to internal", peer -> send(peer, "/exchanges/int/q1", Messages.data("m")));
        of.put("send relayed to queue", peer -> send(peer, null, to("/queues/q1")));
        of.put("send relayed to missing queue", peer -> send(peer, null, to("/queues/nosuch")));
        of.put("send relayed to key", peer -> send(peer, null, to("/exchanges/x1/q1")));
        of.put("send relayed to missing", peer -> send(peer, null, to("/exchanges/no/q1")));
        of.put("send relayed to internal", peer -> send(peer, null, to("/exchanges/int/q1")));
        of.put("send with another's user-id", peer -> send(peer, "/queues/q1", userId("guest")));
        of.put("receive", peer -> receive(peer, "/queues/q1"));
        of.put("receive from missing", peer -> receive(peer, "/queues/nosuch"));
        of.put("get queue", asks("GET", "/queues/q1", null));
        of.put("get missing queue", asks("GET", "/queues/nosuch", null));
        of.put("put new queue", asks("PUT", "/queues/nq", Map.of("durable", true)));
        of.put("put queue", asks("PUT", "/queues/q1", Map.of("durable", true)));
        of.put("put queue otherwise", asks("PUT", "/queues/q1", Map.of("durable", false)));
        of.put("put reserved queue", asks("PUT", "/queues/amq.foo", Map.of("durable", true)));
        of.put("put queue of unknown type", asks("PUT", "/queues/nq", queue("x-queue-type", "no")));
        of.put(
                "put queue with dead-letter exchange",
                asks("PUT", "/queues/dlxq", queue("x-dead-letter-exchange", "dx")));
        of.put("delete queue", asks("DELETE", "/queues/q9", null));
        of.put("delete missing queue", asks("DELETE", "/queues/nosuch", null));
        of.put("purge queue", asks("DELETE", "/queues/q1/messages", null));
        of.put("purge missing queue", asks("DELETE", "/queues/nosuch/messages", null));
        of.put("put new exchange", asks("PUT", "/exchanges/nx", exchange("direct")));
        of.put("put exchange", asks("PUT", "/exchanges/x1", exchange("direct")));
        of.put("put exchange otherwise", asks("PUT", "/exchanges/x1", exchange("fanout")));
        of.put("put reserved exchange", asks("PUT", "/exchanges/amq.foo", exchange("direct")));
        of.put("put exchange of unknown type", asks("PUT", "/exchanges/nx", exchange("no")));
        of.put("put exchange with alternate", asks("PUT", "/exchanges/xae", alternate()));
        of.put("delete exchange", asks("DELETE", "/exchanges/x9", null));
        of.put("delete missing exchange", asks("DELETE", "/exchanges/nosuch", null));
        of.put("delete reserved exchange", asks("DELETE", "/exchanges/amq.direct", null));
        of.put("bind queue", asks("POST", "/bindings", binding("x1", "queue", "q1")));
        of.put("bind missing queue", asks("POST", "/bindings", binding("x1", "queue", "no")));
        of.put("bind to missing", asks("POST", "/bindings", binding("no", "queue", "q1")));
        of.put("bind exchange", asks("POST", "/bindings", binding("x2", "exchange", "x1")));
        of.put("list bindings", asks("GET", "/bindings?src=x1&dstq=q1&key=k", null));
        of.put("unbind queue", asks("DELETE", "/bindings/src=x1;dstq=q1;key=k;args=", null));
        of.put("unbind exchange", asks("DELETE", "/bindings/src=x2;dste=x1;key=k;args=", null));
        of.put("unbind missing", asks("DELETE", "/bindings/src=no;dstq=q1;key=k;args=", null));
        return of;
    }

    private static Map<String, Object> queue(String argument, String value) {
        return Map.of("durable", true, "arguments", Map.of(argument, value));
    }

    private static Map<String, Object> exchange(String type) {
        return Map.of("type", type, "durable", true);
    }

    private static Map<String, Object> alternate() {
        return Map.of("type", "direct", "arguments", Map.of("alternate-exchange", "ax"));
    }

    private static Map<String, Object> binding(String source, String kind, String destination) {
        return Map.of(
                "source",
                source,
                "destination_" + kind,
                destination,
                "binding_key",
                "k",
                "arguments",
                Map.of());
    }

    private static byte[] to(String address) {
        return Messages.to(address, "m");
    }

    private static byte[] userId(String user) {
        ValueWriter out = new ValueWriter().described(MessageSections.PROPERTIES);
        int list = out.beginList();
        out.putNull().binary(user.getBytes(UTF_8)).end(list, 2);
        return out.described(MessageSections.DATA).binary(new byte[1]).toArray();
    }

    // -- asking

    private static String send(Amqp10Peer peer, @Nullable String address, byte[] message)
            throws IOException {
        peer.sends(0, Amqp10Peer.sender(0, address));
        while (true) {
            switch (peer.hears()) {
                case Attach _, Begin _ -> {}
                case Flow flow when flow.getHandle() != null -> peer.sendsMessage(0, message);
                case Disposition told -> {
                    return outcome(told);
                }
                case Object ended when isEnd(ended) -> {
                    return described(ended);
                }
                default -> {}
            }
        }
    }

    private static String outcome(Disposition told) {
        return switch (told.getState()) {
            case Accepted _ -> "accepted";
            case Rejected rejected when rejected.getError() != null ->
                    "rejected " + described(rejected.getError());
            default -> told.getState().getClass().getSimpleName().toLowerCase(Locale.ROOT);
        };
    }

    private static String receive(Amqp10Peer peer, String address) throws IOException {
        peer.sends(0, Amqp10Peer.receiver(0, address));
        while (true) {
            switch (peer.hears()) {
                case Attach attach when attach.getSource() != null -> {
                    return "attached";
                }
                case Object ended when isEnd(ended) -> {
                    return described(ended);
                }
                default -> {}
            }
        }
    }

    private static Operation asks(String method, String path, @Nullable Object body) {
        return peer -> {
            peer.sends(0, paired(Amqp10Peer.receiver(0, ManagementNode.ADDRESS)));
            peer.sends(0, paired(Amqp10Peer.sender(1, ManagementNode.ADDRESS)));
            return request(peer, method, path, body);
        };
    }

    private static Attach paired(Attach link) {
        link.setName("pair");
        link.setSndSettleMode(SenderSettleMode.SETTLED);
        link.setProperties(Map.of(Symbol.valueOf("paired"), true));
        return link;
    }

    private static String request(
            Amqp10Peer peer, String method, String path, @Nullable Object body) throws IOException {
        while (true) {
            switch (peer.hears()) {
                case Attach attach when attach.getRole() == Role.SENDER -> peer.sends(0, credit());
                case Flow flow when flow.getHandle() != null -> {
                    sendRequest(peer, method, path, body);
                    return answer(peer);
                }
                case Object ended when isEnd(ended) -> {
                    return described(ended);
                }
                default -> {}
            }
        }
    }

    /** Credit for ten messages on the link with handle 0, before anything came. */
    static Flow credit() {
        Flow flow = new Flow();
        flow.setIncomingWindow(UnsignedInteger.valueOf(100));
        flow.setNextOutgoingId(UnsignedInteger.ZERO);
        flow.setOutgoingWindow(UnsignedInteger.valueOf(100));
        flow.setHandle(UnsignedInteger.ZERO);
        flow.setLinkCredit(UnsignedInteger.valueOf(10));
        return flow;
    }

    private static void sendRequest(
            Amqp10Peer peer, String method, String path, @Nullable Object body) throws IOException {
        Message request = Proton.message();
        request.setMessageId("1");
        request.setAddress(path);
        request.setSubject(method);
        request.setReplyTo("$me");
        request.setBody(new AmqpValue(body));
        byte[] octets = new byte[4096];
        int size = request.encode(octets, 0, octets.length);
        Transfer transfer = Amqp10Peer.transfer(1, 0);
        transfer.setSettled(true);
        peer.sends(0, transfer, Arrays.copyOf(octets, size));
    }

    private static String answer(Amqp10Peer peer) throws IOException {
        while (true) {
            Object heard = peer.hears();
            if (isEnd(heard)) {
                return described(heard);
            }
            if (heard instanceof Transfer) {
                Message answer = Proton.message();
                answer.decode(peer.payload(), 0, peer.payload().length);
                Object told = answer.getBody() instanceof AmqpValue value ? value.getValue() : null;
                return answer.getSubject() + (told instanceof String text ? " " + text : "");
            }
        }
    }

    private static boolean isEnd(Object heard) {
        return heard instanceof Detach || heard instanceof End || heard instanceof Close;
    }

    private static String described(Object ended) {
        return switch (ended) {
            case Detach detach -> "detach " + described(detach.getError());
            case End end -> "end " + described(end.getError());
            case Close close -> "close " + described(close.getError());
            default -> throw new IllegalArgumentException(String.valueOf(ended));
        };
    }

    private static String described(@Nullable ErrorCondition error) {
        return error == null
                ? ""
                : error.getCondition()
                        + " "
                        + error.getDescription().lines().findFirst().orElse("");
    }

    // -- the matrix

    /** What the broker answers, a line for each permission and operation. */
    List<String> answers() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String permission : PERMISSIONS.keySet()) {
            prepare(permission);
            for (Map.Entry<String, Operation> operation : OPERATIONS.entrySet()) {
                try (Amqp10Peer peer = Amqp10Peer.connect(port).logsIn(USER, "pw")) {
                    Open open = Amqp10Peer.open();
                    open.setHostname("vhost:" + VHOST);
                    Open _ = peer.opens(open);
                    peer.sends(0, Amqp10Peer.newBegin());
                    Begin _ = peer.awaits(Begin.class);
                    String answer = operation.getValue().ask(peer);
                    lines.add(String.join("\t", permission, operation.getKey(), answer));
                }
            }
        }
        return lines;
    }

    private void prepare(String permission) throws IOException {
        ask("DELETE", "/vhosts/" + VHOST, null);
        must("PUT", "/vhosts/" + VHOST, Map.of());
        for (String queue : List.of("q1", "q9")) {
            must("PUT", "/queues/" + VHOST + "/" + queue, Map.of("durable", true));
        }
        for (String exchange : List.of("x1", "x9")) {
            must("PUT", "/exchanges/" + VHOST + "/" + exchange, exchange("direct"));
        }
        must("PUT", "/exchanges/" + VHOST + "/x2", exchange("fanout"));
        must("PUT", "/exchanges/" + VHOST + "/int", Map.of("type", "fanout", "internal", true));
        must("POST", "/bindings/" + VHOST + "/e/x1/q/q1", Map.of("routing_key", "q1"));
        List<String> of = PERMISSIONS.get(permission);
        must(
                "PUT",
                "/permissions/" + VHOST + "/" + USER,
                Map.of("configure", of.get(0), "write", of.get(1), "read", of.get(2)));
    }

    private void must(String method, String path, @Nullable Object body) throws IOException {
        HttpResponse<String> answer = ask(method, path, body);
        if (answer.statusCode() >= 300) {
            throw new IOException(method + " " + path + ": " + answer.body());
        }
    }

    private HttpResponse<String> ask(String method, String path, @Nullable Object body)
            throws IOException {
        String credentials = Base64.getEncoder().encodeToString("guest:guest".getBytes(UTF_8));
        HttpRequest.BodyPublisher content =
                body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(Json.text(body));
        HttpRequest request =
                HttpRequest.newBuilder(http.resolve("/api" + path))
                        .method(method, content)
                        .header("Authorization", "Basic " + credentials)
                        .header("Content-Type", "application/json")
                        .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException(path).initCause(e);
        }
    }

    /** Leaves nothing behind in a broker that others use too. */
    @Override
    public void close() throws IOException {
        must("DELETE", "/vhosts/" + VHOST, null);
        must("DELETE", "/users/" + USER, null);
        client.close();
    }
}
