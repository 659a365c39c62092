package io.chasqui.server.amqp091;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.BasicProperties;
import io.chasqui.protocol.amqp091.ChannelMethod;
import io.chasqui.protocol.amqp091.ConfirmMethod;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.ExchangeMethod;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.Method;
import io.chasqui.protocol.amqp091.QueueMethod;
import io.chasqui.protocol.amqp091.TxMethod;
import io.chasqui.server.testing.RunningBroker;
import io.chasqui.server.testing.ScriptedPeer;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Refusals have the code, the scope and the text that RabbitMQ 4.3.6 gave to the same request.
 * Clients match on them.
 */
class ReplyTextTest {

    private static final int CHANNEL = 1;
    private static final String RECORDED = "/replies-rabbitmq-4.3.6.tsv";

    /** Not a refusal but a step between, or a line that other tests check. */
    private static final Set<String> ELSEWHERE = Set.of("rm", "bad password", "bad vhost");

    @FunctionalInterface
    private interface Script {
        void run(ScriptedPeer peer) throws IOException;
    }

    private static final Map<String, Script> SCRIPTS = scripts();

    private record Recorded(String name, String outcome, String text) {}

    private static List<Recorded> recorded() {
        try (InputStream in = ReplyTextTest.class.getResourceAsStream(RECORDED)) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .map(line -> line.split("\t", -1))
                    .filter(fields -> fields.length == 3)
                    .map(fields -> new Recorded(fields[0], fields[1], fields[2]))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<Recorded> replies() {
        return recorded().stream().filter(line -> !ELSEWHERE.contains(line.name()));
    }

    @ParameterizedTest
    @MethodSource("replies")
    void a_request_is_answered_as_rabbitmq_answers_it(Recorded line) throws Exception {
        assertThat(SCRIPTS).containsKey(line.name());
        try (RunningBroker broker = RunningBroker.start();
                ScriptedPeer other = broker.peer().opens().opensChannel(CHANNEL);
                ScriptedPeer peer = broker.peer().opens().opensChannel(CHANNEL)) {
            // A second connection holds what a script needs to be held by somebody else.
            declare(other, "pq_ex", false, true, FieldTable.EMPTY);
            other.expects(CHANNEL, QueueMethod.DeclareOk.class);
            declare(other, "claimed", false, false, FieldTable.EMPTY);
            other.expects(CHANNEL, QueueMethod.DeclareOk.class);
            SCRIPTS.get(line.name()).run(peer);
            check(line, lastAnswer(peer));
        }
    }

    /** The last answer to what was sent: the first close, else the answer to a final qos. */
    private static Method lastAnswer(ScriptedPeer peer) throws IOException {
        peer.sends(CHANNEL, new BasicMethod.Qos(0, 0, false));
        while (true) {
            ScriptedPeer.Heard heard = peer.hears();
            if (heard.type() == 1
                    && (heard.method() instanceof ChannelMethod.Close
                            || heard.method() instanceof ConnectionMethod.Close
                            || heard.method() instanceof BasicMethod.QosOk)) {
                return heard.method();
            }
        }
    }

    private static void check(Recorded line, Method answer) {
        String expected = line.outcome() + " " + line.text();
        switch (answer) {
            case ChannelMethod.Close close ->
                    assertThat("CHANNEL " + close.replyCode() + " " + close.replyText())
                            .isEqualTo(expected);
            case ConnectionMethod.Close close ->
                    assertThat("CONN " + close.replyCode() + " " + close.replyText())
                            .isEqualTo(expected);
            default -> assertThat(line.outcome()).isEqualTo("OK");
        }
    }

    // -- the scripts, by the name of the recorded line

    private static Map<String, Script> scripts() {
        Map<String, Script> scripts = new LinkedHashMap<>();
        exchangeScripts(scripts);
        queueScripts(scripts);
        queueArgumentScripts(scripts);
        consumerScripts(scripts);
        publishScripts(scripts);
        return scripts;
    }

    private static void exchangeScripts(Map<String, Script> to) {
        to.put(
                "declare exch type mismatch",
                peer -> {
                    exchange(peer, "pe", "direct", false, FieldTable.EMPTY);
                    exchange(peer, "pe", "topic", false, FieldTable.EMPTY);
                });
        to.put(
                "declare exch durable mismatch",
                peer -> {
                    exchange(peer, "pe", "direct", false, FieldTable.EMPTY);
                    exchange(peer, "pe", "direct", true, FieldTable.EMPTY);
                });
        to.put(
                "declare exch AE mismatch",
                peer -> {
                    exchange(peer, "pe", "direct", false, FieldTable.EMPTY);
                    exchange(peer, "pe", "direct", false, FieldTable.of("alternate-exchange", "x"));
                });
        to.put(
                "unknown exch type",
                peer -> exchange(peer, "pe2", "nosuchtype", false, FieldTable.EMPTY));
        to.put(
                "declare amq.foo",
                peer -> exchange(peer, "amq.foo", "direct", false, FieldTable.EMPTY));
        to.put(
                "declare default exch",
                peer -> exchange(peer, "", "direct", false, FieldTable.EMPTY));
        to.put("delete amq.direct", peer -> deleteExchange(peer, "amq.direct", false));
        to.put("delete default exch", peer -> deleteExchange(peer, "", false));
        to.put("delete missing exch", peer -> deleteExchange(peer, "nosuch", false));
        to.put(
                "passive missing exch",
                peer ->
                        peer.sends(
                                CHANNEL,
                                new ExchangeMethod.Declare(
                                        "nosuch",
                                        "direct",
                                        true,
                                        false,
                                        false,
                                        false,
                                        false,
                                        FieldTable.EMPTY)));
        to.put(
                "exchange_delete if_unused",
                peer -> {
                    declareProbe(peer);
                    exchange(peer, "pe3", "direct", false, FieldTable.EMPTY);
                    bind(peer, "probe_q", "pe3");
                    deleteExchange(peer, "pe3", true);
                });
    }

    private static void queueScripts(Map<String, Script> to) {
        to.put(
                "delete missing queue",
                peer -> peer.sends(CHANNEL, new QueueMethod.Delete("nosuch", false, false, false)));
        to.put(
                "passive missing queue",
                peer ->
                        peer.sends(
                                CHANNEL,
                                new QueueMethod.Declare(
                                        "nosuch",
                                        true,
                                        false,
                                        false,
                                        false,
                                        false,
                                        FieldTable.EMPTY)));
        to.put(
                "declare queue amq.foo",
                peer -> declare(peer, "amq.foo", false, false, FieldTable.EMPTY));
        to.put(
                "queue durable mismatch",
                peer -> {
                    declareProbe(peer);
                    declare(peer, "probe_q", false, false, FieldTable.EMPTY);
                });
        to.put(
                "queue auto_delete mismatch",
                peer -> {
                    declareProbe(peer);
                    peer.sends(
                            CHANNEL,
                            new QueueMethod.Declare(
                                    "probe_q", false, true, false, true, false, FieldTable.EMPTY));
                });
        to.put(
                "transient non-exclusive queue",
                peer -> declare(peer, "pq_tr", false, false, FieldTable.EMPTY));
        to.put(
                "exclusive from other conn",
                peer ->
                        peer.sends(
                                CHANNEL,
                                new QueueMethod.Declare(
                                        "pq_ex",
                                        true,
                                        false,
                                        false,
                                        false,
                                        false,
                                        FieldTable.EMPTY)));
        to.put("bind missing queue", peer -> bind(peer, "nosuch", "amq.direct"));
        to.put(
                "bind missing exch",
                peer -> {
                    declareProbe(peer);
                    bind(peer, "probe_q", "nosuch");
                });
        to.put(
                "bind default exch",
                peer -> {
                    declareProbe(peer);
                    bind(peer, "probe_q", "");
                });
        to.put(
                "unbind missing queue",
                peer ->
                        peer.sends(
                                CHANNEL,
                                new QueueMethod.Unbind(
                                        "nosuch", "amq.direct", "k", FieldTable.EMPTY)));
        to.put(
                "e2e bind missing",
                peer ->
                        peer.sends(
                                CHANNEL,
                                new ExchangeMethod.Bind(
                                        "nosuch", "amq.direct", "k", false, FieldTable.EMPTY)));
        to.put(
                "headers x-match bad",
                peer -> {
                    declareProbe(peer);
                    peer.sends(
                            CHANNEL,
                            new QueueMethod.Bind(
                                    "probe_q",
                                    "amq.headers",
                                    "",
                                    false,
                                    FieldTable.of("x-match", "foo")));
                });
        to.put(
                "purge missing queue",
                peer -> peer.sends(CHANNEL, new QueueMethod.Purge("nosuch", false)));
        to.put(
                "queue_delete if_unused",
                peer -> {
                    declareProbe(peer);
                    consume(peer, "probe_q", "", false);
                    peer.sends(CHANNEL, new QueueMethod.Delete("probe_q", true, false, false));
                });
        to.put(
                "queue_delete if_empty",
                peer -> {
                    declareProbe(peer);
                    publish(peer, "", "probe_q", false, BasicProperties.EMPTY);
                    peer.sends(CHANNEL, new QueueMethod.Delete("probe_q", false, true, false));
                });
    }

    private static void queueArgumentScripts(Map<String, Script> to) {
        to.put(
                "queue arg mismatch",
                peer -> {
                    declareProbe(peer);
                    declare(peer, "probe_q", true, false, FieldTable.of("x-message-ttl", 5));
                });
        to.put(
                "queue type mismatch",
                peer -> {
                    declareProbe(peer);
                    declare(peer, "probe_q", true, false, FieldTable.of("x-queue-type", "quorum"));
                });
        argument(to, "bad x-message-ttl type", "x-message-ttl", "foo");
        argument(to, "neg x-message-ttl", "x-message-ttl", -1);
        argument(to, "x-expires 0", "x-expires", 0);
        argument(to, "x-max-length neg", "x-max-length", -1);
        argument(to, "x-max-priority 300", "x-max-priority", 300);
        argument(to, "x-overflow bad", "x-overflow", "foo");
        argument(to, "x-queue-type bad", "x-queue-type", "foo");
        argument(to, "dlrk without dlx", "x-dead-letter-routing-key", "foo");
        argument(to, "quorum non-durable", "x-queue-type", "quorum");
        to.put(
                "unknown x-arg",
                peer -> declare(peer, "pq1", false, true, FieldTable.of("x-foo", 1)));
        to.put(
                "quorum exclusive",
                peer -> declare(peer, "pq1", true, true, FieldTable.of("x-queue-type", "quorum")));
    }

    private static void argument(
            Map<String, Script> to, String name, String argument, Object value) {
        to.put(name, peer -> declare(peer, "pq1", false, false, FieldTable.of(argument, value)));
    }

    private static void consumerScripts(Map<String, Script> to) {
        to.put("consume missing queue", peer -> consume(peer, "nosuch", "", false));
        to.put(
                "get missing queue",
                peer -> peer.sends(CHANNEL, new BasicMethod.Get("nosuch", false)));
        to.put(
                "exclusive consumer clash",
                peer -> {
                    declareProbe(peer);
                    consume(peer, "probe_q", "", true);
                    consume(peer, "probe_q", "", false);
                });
        to.put(
                "duplicate consumer tag",
                peer -> {
                    declareProbe(peer);
                    consume(peer, "probe_q", "T", false);
                    consume(peer, "probe_q", "T", false);
                });
        to.put("ack unknown tag", peer -> peer.sends(CHANNEL, new BasicMethod.Ack(12345, false)));
        to.put(
                "nack unknown tag",
                peer -> peer.sends(CHANNEL, new BasicMethod.Nack(12345, false, true)));
        to.put(
                "reject unknown tag",
                peer -> peer.sends(CHANNEL, new BasicMethod.Reject(12345, true)));
        to.put("qos prefetch_size", peer -> peer.sends(CHANNEL, new BasicMethod.Qos(10, 0, false)));
        to.put("qos global=true", peer -> peer.sends(CHANNEL, new BasicMethod.Qos(0, 5, true)));
        to.put("flow active=false", peer -> peer.sends(CHANNEL, new ChannelMethod.Flow(false)));
        to.put(
                "recover requeue=false",
                peer -> peer.sends(CHANNEL, new BasicMethod.Recover(false)));
        to.put("recover requeue=true", peer -> peer.sends(CHANNEL, new BasicMethod.Recover(true)));
        to.put("tx.commit w/o select", peer -> peer.sends(CHANNEL, new TxMethod.Commit()));
        to.put(
                "confirm after tx",
                peer ->
                        peer.sends(CHANNEL, new TxMethod.Select())
                                .sends(CHANNEL, new ConfirmMethod.Select(false)));
        to.put(
                "tx.select after confirm",
                peer ->
                        peer.sends(CHANNEL, new ConfirmMethod.Select(false))
                                .sends(CHANNEL, new TxMethod.Select()));
    }

    private static void publishScripts(Map<String, Script> to) {
        to.put(
                "publish missing exch",
                peer -> publish(peer, "nosuch", "k", false, BasicProperties.EMPTY));
        to.put(
                "publish to internal exch",
                peer -> {
                    peer.sends(
                            CHANNEL,
                            new ExchangeMethod.Declare(
                                    "pint",
                                    "direct",
                                    false,
                                    false,
                                    false,
                                    true,
                                    false,
                                    FieldTable.EMPTY));
                    publish(peer, "pint", "k", false, BasicProperties.EMPTY);
                });
        to.put(
                "publish immediate=true",
                peer -> publish(peer, "", "k", true, BasicProperties.EMPTY));
        to.put(
                "publish bad expiration",
                peer ->
                        publish(
                                peer,
                                "",
                                "k",
                                false,
                                BasicProperties.builder().expiration("foo").build()));
        to.put(
                "publish neg expiration",
                peer ->
                        publish(
                                peer,
                                "",
                                "k",
                                false,
                                BasicProperties.builder().expiration("-1").build()));
        to.put(
                "publish user_id spoof",
                peer ->
                        publish(
                                peer,
                                "",
                                "k",
                                false,
                                BasicProperties.builder().userId("bob").build()));
        to.put(
                "publish CC not array",
                peer ->
                        publish(
                                peer,
                                "",
                                "k",
                                false,
                                BasicProperties.builder()
                                        .headers(FieldTable.of("CC", "x"))
                                        .build()));
        to.put(
                "direct-reply publish w/o consumer",
                peer ->
                        publish(
                                peer,
                                "",
                                "k",
                                false,
                                BasicProperties.builder()
                                        .replyTo("amq.rabbitmq.reply-to")
                                        .build()));
        to.put(
                "direct-reply consume with ack",
                peer -> consume(peer, "amq.rabbitmq.reply-to", "", false));
        to.put(
                "msg too big header",
                peer ->
                        publish(
                                peer,
                                "",
                                "k",
                                false,
                                BasicProperties.builder()
                                        .headers(FieldTable.of("a", "x".repeat(200_000)))
                                        .build()));
    }

    // -- the requests

    private static void exchange(
            ScriptedPeer peer, String name, String type, boolean durable, FieldTable arguments)
            throws IOException {
        peer.sends(
                CHANNEL,
                new ExchangeMethod.Declare(
                        name, type, false, durable, false, false, false, arguments));
    }

    private static void deleteExchange(ScriptedPeer peer, String name, boolean ifUnused)
            throws IOException {
        peer.sends(CHANNEL, new ExchangeMethod.Delete(name, ifUnused, false));
    }

    private static void declareProbe(ScriptedPeer peer) throws IOException {
        declare(peer, "probe_q", true, false, FieldTable.EMPTY);
    }

    private static void declare(
            ScriptedPeer peer,
            String name,
            boolean durable,
            boolean exclusive,
            FieldTable arguments)
            throws IOException {
        peer.sends(
                CHANNEL,
                new QueueMethod.Declare(name, false, durable, exclusive, false, false, arguments));
    }

    private static void bind(ScriptedPeer peer, String queue, String exchange) throws IOException {
        peer.sends(CHANNEL, new QueueMethod.Bind(queue, exchange, "k", false, FieldTable.EMPTY));
    }

    private static void consume(ScriptedPeer peer, String queue, String tag, boolean exclusive)
            throws IOException {
        peer.sends(
                CHANNEL,
                new BasicMethod.Consume(
                        queue, tag, false, false, exclusive, false, FieldTable.EMPTY));
    }

    private static void publish(
            ScriptedPeer peer,
            String exchange,
            String key,
            boolean immediate,
            BasicProperties properties)
            throws IOException {
        peer.sends(CHANNEL, new BasicMethod.Publish(exchange, key, false, immediate));
        peer.sendsOctets(ScriptedPeer.header(CHANNEL, 1, properties));
        peer.sendsFrame(3, CHANNEL, (byte) 'x');
    }
}
