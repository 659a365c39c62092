package io.chasqui.server.amqp091;

import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.BasicProperties;
import io.chasqui.protocol.amqp091.ChannelMethod;
import io.chasqui.protocol.amqp091.ConfirmMethod;
import io.chasqui.protocol.amqp091.ExchangeMethod;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.Method;
import io.chasqui.protocol.amqp091.QueueMethod;
import io.chasqui.protocol.amqp091.TxMethod;
import io.chasqui.server.testing.ScriptedPeer;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;

/**
 * What is said on a channel for each of the recorded replies, by the name of its line. Queue {@code
 * pq_ex} is another connection's.
 */
final class ReplyScripts {

    static final int CHANNEL = 1;

    private static final FieldTable NONE = FieldTable.EMPTY;

    /** The queue that most scripts begin with. */
    private static final Method PROBE = queue("probe_q", true, false, NONE);

    private static final Method DIRECT = exchange("pe", "direct", false, NONE);

    private final Map<String, byte[]> scripts = new HashMap<>();

    private ReplyScripts() {}

    static Map<String, byte[]> all() {
        ReplyScripts all = new ReplyScripts();
        all.exchanges();
        all.queues();
        all.bindings();
        all.queueArguments();
        all.consumers();
        all.modes();
        all.publishing();
        return all.scripts;
    }

    // -- the scripts

    private void exchanges() {
        says("declare exch type mismatch", DIRECT, exchange("pe", "topic", false, NONE));
        says("declare exch durable mismatch", DIRECT, exchange("pe", "direct", true, NONE));
        FieldTable alternate = FieldTable.of("alternate-exchange", "x");
        says("declare exch AE mismatch", DIRECT, exchange("pe", "direct", false, alternate));
        says("unknown exch type", exchange("pe2", "nosuchtype", false, NONE));
        says("declare amq.foo", exchange("amq.foo", "direct", false, NONE));
        says("declare default exch", exchange("", "direct", false, NONE));
        says("delete amq.direct", deleteExchange("amq.direct", false));
        says("delete default exch", deleteExchange("", false));
        says("delete missing exch", deleteExchange("nosuch", false));
        says(
                "passive missing exch",
                new ExchangeMethod.Declare(
                        "nosuch", "direct", true, false, false, false, false, NONE));
        says(
                "exchange_delete if_unused",
                PROBE,
                exchange("pe3", "direct", false, NONE),
                bind("probe_q", "pe3"),
                deleteExchange("pe3", true));
    }

    private void queues() {
        says("delete missing queue", deleteQueue("nosuch", false, false));
        says("passive missing queue", passive("nosuch"));
        says("declare queue amq.foo", queue("amq.foo", false, false, NONE));
        says("queue durable mismatch", PROBE, queue("probe_q", false, false, NONE));
        says(
                "queue auto_delete mismatch",
                PROBE,
                new QueueMethod.Declare("probe_q", false, true, false, true, false, NONE));
        says("transient non-exclusive queue", queue("pq_tr", false, false, NONE));
        says("exclusive from other conn", passive("pq_ex"));
        says("purge missing queue", new QueueMethod.Purge("nosuch", false));
        says(
                "queue_delete if_unused",
                PROBE,
                consume("probe_q", "", false),
                deleteQueue("probe_q", true, false));
        scripts.put(
                "queue_delete if_empty",
                joined(
                        methods(PROBE),
                        message("", "probe_q", false, BasicProperties.EMPTY),
                        methods(deleteQueue("probe_q", false, true))));
    }

    private void bindings() {
        says("bind missing queue", bind("nosuch", "amq.direct"));
        says("bind missing exch", PROBE, bind("probe_q", "nosuch"));
        says("bind default exch", PROBE, bind("probe_q", ""));
        says("unbind missing queue", new QueueMethod.Unbind("nosuch", "amq.direct", "k", NONE));
        says("e2e bind missing", new ExchangeMethod.Bind("nosuch", "amq.direct", "k", false, NONE));
        FieldTable match = FieldTable.of("x-match", "foo");
        says(
                "headers x-match bad",
                PROBE,
                new QueueMethod.Bind("probe_q", "amq.headers", "", false, match));
    }

    private void queueArguments() {
        FieldTable ttl = FieldTable.of("x-message-ttl", 5);
        FieldTable quorum = FieldTable.of("x-queue-type", "quorum");
        says("queue arg mismatch", PROBE, queue("probe_q", true, false, ttl));
        says("queue type mismatch", PROBE, queue("probe_q", true, false, quorum));
        says("quorum exclusive", queue("pq1", true, true, quorum));
        says("unknown x-arg", queue("pq1", false, true, FieldTable.of("x-foo", 1)));
        asks("bad x-message-ttl type", "x-message-ttl", "foo");
        asks("neg x-message-ttl", "x-message-ttl", -1);
        asks("x-expires 0", "x-expires", 0);
        asks("x-max-length neg", "x-max-length", -1);
        asks("x-max-priority 300", "x-max-priority", 300);
        asks("x-overflow bad", "x-overflow", "foo");
        asks("x-queue-type bad", "x-queue-type", "foo");
        asks("dlrk without dlx", "x-dead-letter-routing-key", "foo");
        asks("quorum non-durable", "x-queue-type", "quorum");
    }

    private void consumers() {
        says("consume missing queue", consume("nosuch", "", false));
        says("direct-reply consume with ack", consume("amq.rabbitmq.reply-to", "", false));
        says("get missing queue", new BasicMethod.Get("nosuch", false));
        says(
                "exclusive consumer clash",
                PROBE,
                consume("probe_q", "", true),
                consume("probe_q", "", false));
        says(
                "duplicate consumer tag",
                PROBE,
                consume("probe_q", "T", false),
                consume("probe_q", "T", false));
        says("ack unknown tag", new BasicMethod.Ack(12345, false));
        says("nack unknown tag", new BasicMethod.Nack(12345, false, true));
        says("reject unknown tag", new BasicMethod.Reject(12345, true));
        says("recover requeue=false", new BasicMethod.Recover(false));
        says("recover requeue=true", new BasicMethod.Recover(true));
    }

    private void modes() {
        says("qos prefetch_size", new BasicMethod.Qos(10, 0, false));
        says("qos global=true", new BasicMethod.Qos(0, 5, true));
        says("flow active=false", new ChannelMethod.Flow(false));
        says("tx.commit w/o select", new TxMethod.Commit());
        says("confirm after tx", new TxMethod.Select(), new ConfirmMethod.Select(false));
        says("tx.select after confirm", new ConfirmMethod.Select(false), new TxMethod.Select());
    }

    private void publishing() {
        BasicProperties plain = BasicProperties.EMPTY;
        scripts.put("publish missing exch", message("nosuch", "k", false, plain));
        scripts.put("publish immediate=true", message("", "k", true, plain));
        Method internal =
                new ExchangeMethod.Declare(
                        "pint", "direct", false, false, false, true, false, NONE);
        scripts.put(
                "publish to internal exch",
                joined(methods(internal), message("pint", "k", false, plain)));
        publishes("publish bad expiration", properties().expiration("foo"));
        publishes("publish neg expiration", properties().expiration("-1"));
        publishes("publish user_id spoof", properties().userId("bob"));
        publishes("publish CC not array", properties().headers(FieldTable.of("CC", "x")));
        publishes(
                "direct-reply publish w/o consumer", properties().replyTo("amq.rabbitmq.reply-to"));
        publishes(
                "msg too big header",
                properties().headers(FieldTable.of("a", "x".repeat(200_000))));
    }

    // -- the words used above

    private void says(String name, Method... methods) {
        scripts.put(name, methods(methods));
    }

    /** Declares a new queue with this argument. */
    private void asks(String name, String argument, Object value) {
        says(name, queue("pq1", false, false, FieldTable.of(argument, value)));
    }

    private void publishes(String name, BasicProperties.Builder properties) {
        scripts.put(name, message("", "k", false, properties.build()));
    }

    private static BasicProperties.Builder properties() {
        return BasicProperties.builder();
    }

    private static Method exchange(
            String name, String type, boolean durable, FieldTable arguments) {
        return new ExchangeMethod.Declare(
                name, type, false, durable, false, false, false, arguments);
    }

    private static Method deleteExchange(String name, boolean ifUnused) {
        return new ExchangeMethod.Delete(name, ifUnused, false);
    }

    static Method queue(String name, boolean durable, boolean exclusive, FieldTable arguments) {
        return new QueueMethod.Declare(name, false, durable, exclusive, false, false, arguments);
    }

    private static Method passive(String queue) {
        return new QueueMethod.Declare(queue, true, false, false, false, false, NONE);
    }

    private static Method deleteQueue(String name, boolean ifUnused, boolean ifEmpty) {
        return new QueueMethod.Delete(name, ifUnused, ifEmpty, false);
    }

    private static Method bind(String queue, String exchange) {
        return new QueueMethod.Bind(queue, exchange, "k", false, NONE);
    }

    private static Method consume(String queue, String tag, boolean exclusive) {
        return new BasicMethod.Consume(queue, tag, false, false, exclusive, false, NONE);
    }

    private static byte[] message(
            String exchange, String key, boolean immediate, BasicProperties properties) {
        return joined(
                methods(new BasicMethod.Publish(exchange, key, false, immediate)),
                ScriptedPeer.header(CHANNEL, 1, properties),
                ScriptedPeer.frame(3, CHANNEL, (byte) 'x'));
    }

    private static byte[] methods(Method... methods) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (Method method : methods) {
            octets.writeBytes(ScriptedPeer.frame(CHANNEL, method));
        }
        return octets.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            octets.writeBytes(part);
        }
        return octets.toByteArray();
    }
}
