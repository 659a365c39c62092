package io.chasqui.server.amqp10;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.chasqui.server.testing.Amqp10Peer;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedByte;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.UnsignedLong;
import org.apache.qpid.proton.amqp.UnsignedShort;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.AmqpSequence;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.apache.qpid.proton.amqp.messaging.DeliveryAnnotations;
import org.apache.qpid.proton.amqp.messaging.Footer;
import org.apache.qpid.proton.amqp.messaging.Header;
import org.apache.qpid.proton.amqp.messaging.MessageAnnotations;
import org.apache.qpid.proton.amqp.messaging.Properties;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.Close;
import org.apache.qpid.proton.amqp.transport.Detach;
import org.apache.qpid.proton.amqp.transport.Disposition;
import org.apache.qpid.proton.amqp.transport.End;
import org.apache.qpid.proton.amqp.transport.Flow;
import org.apache.qpid.proton.amqp.transport.Transfer;
import org.apache.qpid.proton.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages with everything that one protocol knows, and writes down what the other receives, a
 * line each.
 */
final class ConversionMatrix implements AutoCloseable {

    private static final String QUEUE = "conversion-matrix";
    private static final String ADDRESS = "/queues/" + QUEUE;
    private static final int LONG = 300;
    private static final long TIME_MS = 1_700_000_000_123L;
    private static final UUID ID = UUID.fromString("11111111-2222-3333-4444-555555555555");

    private final int port;
    private final Connection connection;
    private final Channel channel;
    private final List<String> lines = new ArrayList<>();

    ConversionMatrix(int port) throws IOException, TimeoutException {
        this.port = port;
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(port);
        this.connection = factory.newConnection();
        this.channel = connection.createChannel();
    }

    /** What is received. */
    List<String> lines() throws IOException {
        toAmqp10();
        fromAmqp10();
        return lines;
    }

    // -- from 0-9-1

    private void toAmqp10() throws IOException {
        to10("no properties", _ -> {}, "body");
        to10("empty body", _ -> {}, "");
        to10("delivery-mode 1", p -> p.deliveryMode(1), "b");
        to10("delivery-mode 2", p -> p.deliveryMode(2), "b");
        to10("priority 0", p -> p.priority(0), "b");
        to10("priority 255", p -> p.priority(255), "b");
        to10("expiration", p -> p.expiration("60000"), "b");
        to10("content-type", p -> p.contentType("text/plain"), "b");
        to10("content-type empty", p -> p.contentType(""), "b");
        to10("content-encoding", p -> p.contentEncoding("gzip"), "b");
        to10("correlation-id", p -> p.correlationId("corr"), "b");
        to10("correlation-id uuid", p -> p.correlationId("urn:uuid:" + ID), "b");
        to10("correlation-id no uuid", p -> p.correlationId("urn:uuid:zz"), "b");
        to10("message-id", p -> p.messageId("id"), "b");
        to10("message-id uuid", p -> p.messageId("urn:uuid:" + ID), "b");
        to10("message-id number", p -> p.messageId("77"), "b");
        to10("reply-to", p -> p.replyTo("rq"), "b");
        to10("reply-to encoded", p -> p.replyTo("a b/ü"), "b");
        to10("timestamp", p -> p.timestamp(new Date(TIME_MS)), "b");
        to10("type", p -> p.type("typ"), "b");
        to10("type amqp-1.0", p -> p.type("amqp-1.0"), "\0Sw\u00a1\2hi");
        to10("user-id", p -> p.userId("guest"), "b");
        to10("app-id", p -> p.appId("app"), "b");
        to10("cluster-id", p -> p.clusterId("cl"), "b");
        table("string", "str");
        table("long string", "z".repeat(LONG));
        table("empty string", "");
        table("string with NUL", "a\0b");
        table("boolean true", true);
        table("boolean false", false);
        table("byte", (byte) -3);
        table("short", (short) -400);
        table("int", -70_000);
        table("long", 1L << 40);
        table("negative long", -(1L << 40));
        table("float", 1.5f);
        table("double", 2.5);
        table("decimal", new BigDecimal("12.5"));
        table("timestamp", new Date(TIME_MS));
        table("octets", new byte[] {0, -1});
        table("null", null);
        table("table", Map.of("k", "v", "n", 1));
        table("array", List.of(1, "a"));
        to10("CC", p -> p.headers(Map.of("CC", List.of("other"))), "b");
        to10("BCC", p -> p.headers(Map.of("BCC", List.of("other"))), "b");
        to10("x-message-id", p -> p.headers(Map.of("x-message-id", new byte[] {1})), "b");
        to10("x-correlation-id", p -> p.headers(Map.of("x-correlation-id", "c")), "b");
        to10("header with a name of 255", p -> p.headers(Map.of("n".repeat(255), "v")), "b");
    }

    /** As a header, and as one that RabbitMQ takes for an annotation. */
    private void table(String what, @Nullable Object value) throws IOException {
        to10("header " + what, p -> p.headers(Collections.singletonMap("h", value)), "b");
        to10("header x- " + what, p -> p.headers(Collections.singletonMap("x-h", value)), "b");
    }

    private void to10(String name, Consumer<AMQP.BasicProperties.Builder> given, String body)
            throws IOException {
        renew();
        AMQP.BasicProperties.Builder properties = new AMQP.BasicProperties.Builder();
        given.accept(properties);
        channel.basicPublish("", QUEUE, properties.build(), body.getBytes(ISO_8859_1));
        lines.add("to 1.0\t" + name + "\t" + received10());
    }

    private String received10() throws IOException {
        try (Amqp10Peer peer = Amqp10Peer.connect(port).logsIn().begins()) {
            peer.sends(0, Amqp10Peer.receiver(0, ADDRESS));
            Object heard = peer.hears();
            while (!(heard instanceof Transfer) && !isEnd(heard)) {
                if (heard instanceof Attach) {
                    peer.sends(0, LinkMatrix.credit());
                }
                heard = peer.hears();
            }
            return heard instanceof Transfer ? Shown.message(peer.payload()) : "refused";
        } catch (SocketTimeoutException _) {
            return "nothing";
        }
    }

    // -- from 1.0

    private void fromAmqp10() throws IOException {
        to091("data", m -> m.setBody(data("body")));
        to091("empty data", m -> m.setBody(data("")));
        to091("value string", m -> m.setBody(new AmqpValue("text")));
        to091("value binary", m -> m.setBody(new AmqpValue(binary(1, 2))));
        to091("value null", m -> m.setBody(new AmqpValue(null)));
        to091("value map", m -> m.setBody(new AmqpValue(Map.of("a", 1))));
        to091("value list", m -> m.setBody(new AmqpValue(List.of(1, "x"))));
        to091("sequence", m -> m.setBody(new AmqpSequence(List.of(1, "x"))));
        to091(
                "footer",
                m -> {
                    m.setBody(data("b"));
                    m.setFooter(new Footer(Map.of(Symbol.valueOf("x-f"), 1)));
                });
        header("durable", h -> h.setDurable(true));
        header("not durable", h -> h.setDurable(false));
        header("priority", h -> h.setPriority(UnsignedByte.valueOf((byte) 7)));
        header("ttl", h -> h.setTtl(UnsignedInteger.valueOf(60_000)));
        header("first-acquirer", h -> h.setFirstAcquirer(true));
        header("delivery-count", h -> h.setDeliveryCount(UnsignedInteger.valueOf(3)));
        properties("message-id string", p -> p.setMessageId("id"));
        properties("message-id long string", p -> p.setMessageId("i".repeat(LONG)));
        properties("message-id ulong", p -> p.setMessageId(UnsignedLong.valueOf(77)));
        properties("message-id uuid", p -> p.setMessageId(ID));
        properties("message-id binary", p -> p.setMessageId(binary(1, 2)));
        properties("correlation-id string", p -> p.setCorrelationId("c"));
        properties("correlation-id long string", p -> p.setCorrelationId("c".repeat(LONG)));
        properties("correlation-id ulong", p -> p.setCorrelationId(UnsignedLong.valueOf(77)));
        properties("correlation-id uuid", p -> p.setCorrelationId(ID));
        properties("correlation-id binary", p -> p.setCorrelationId(binary(1, 2)));
        properties("user-id", p -> p.setUserId(new Binary("guest".getBytes(UTF_8))));
        properties("to", p -> p.setTo("/queues/elsewhere"));
        properties("subject", p -> p.setSubject("subject"));
        properties("reply-to queue", p -> p.setReplyTo("/queues/r%20q"));
        properties("reply-to exchange", p -> p.setReplyTo("/exchanges/x/k"));
        properties("reply-to other", p -> p.setReplyTo("rq"));
        properties("content-type", p -> p.setContentType(Symbol.valueOf("text/plain")));
        properties("content-encoding", p -> p.setContentEncoding(Symbol.valueOf("gzip")));
        properties("absolute-expiry-time", p -> p.setAbsoluteExpiryTime(new Date(1L << 42)));
        properties("creation-time", p -> p.setCreationTime(new Date(TIME_MS)));
        properties("group-id", p -> p.setGroupId("group"));
        properties("group-sequence", p -> p.setGroupSequence(UnsignedInteger.valueOf(5)));
        properties("reply-to-group-id", p -> p.setReplyToGroupId("group"));
        for (Map.Entry<String, Object> value : values().entrySet()) {
            to091(
                    "application-property " + value.getKey(),
                    m -> {
                        m.setBody(data("b"));
                        m.setApplicationProperties(
                                new ApplicationProperties(
                                        Collections.singletonMap("p", value.getValue())));
                    });
            annotation(value.getKey(), "x-a", value.getValue());
        }
        annotation("x- list", "x-a", List.of(1, "a"));
        annotation("x- map", "x-a", Map.of(Symbol.valueOf("k"), 1));
        annotation("without x-", "a", "v");
        annotation("x-basic-type", "x-basic-type", "typ");
        annotation("x-opt-", "x-opt-a", "v");
        to091(
                "delivery-annotation",
                m -> {
                    m.setBody(data("b"));
                    m.setDeliveryAnnotations(
                            new DeliveryAnnotations(Map.of(Symbol.valueOf("x-d"), "v")));
                });
    }

    /** All types but uuid and char, on which RabbitMQ fails. */
    private static Map<String, @Nullable Object> values() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("string", "str");
        values.put("long string", "z".repeat(LONG));
        values.put("symbol", Symbol.valueOf("sym"));
        values.put("boolean true", true);
        values.put("boolean false", false);
        values.put("ubyte", UnsignedByte.valueOf((byte) 200));
        values.put("ushort", UnsignedShort.valueOf((short) 60_000));
        values.put("uint", UnsignedInteger.valueOf(3_000_000_000L));
        values.put("ulong", UnsignedLong.valueOf(1L << 40));
        values.put("byte", (byte) -3);
        values.put("short", (short) -400);
        values.put("int", -70_000);
        values.put("long", -(1L << 40));
        values.put("float", 1.5f);
        values.put("double", 2.5);
        values.put("timestamp", new Date(TIME_MS));
        values.put("binary", binary(0, 255));
        values.put("null", null);
        return values;
    }

    private void header(String name, Consumer<Header> given) throws IOException {
        to091(
                "header " + name,
                m -> {
                    Header header = new Header();
                    given.accept(header);
                    m.setHeader(header);
                    m.setBody(data("b"));
                });
    }

    private void properties(String name, Consumer<Properties> given) throws IOException {
        to091(
                name,
                m -> {
                    Properties properties = new Properties();
                    given.accept(properties);
                    m.setProperties(properties);
                    m.setBody(data("b"));
                });
    }

    private void annotation(String what, String name, @Nullable Object value) throws IOException {
        to091(
                "annotation " + what,
                m -> {
                    m.setBody(data("b"));
                    m.setMessageAnnotations(
                            new MessageAnnotations(
                                    Collections.singletonMap(Symbol.valueOf(name), value)));
                });
    }

    private static Data data(String text) {
        return new Data(new Binary(text.getBytes(UTF_8)));
    }

    private static Binary binary(int... octets) {
        byte[] of = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            of[i] = (byte) octets[i];
        }
        return new Binary(of);
    }

    private void to091(String name, Consumer<Message> given) throws IOException {
        renew();
        Message message = Proton.message();
        given.accept(message);
        byte[] octets = new byte[4096];
        int size = message.encode(octets, 0, octets.length);
        lines.add("to 0-9-1\t" + name + "\t" + received091(Arrays.copyOf(octets, size)));
    }

    private String received091(byte[] message) throws IOException {
        try (Amqp10Peer peer = Amqp10Peer.connect(port).logsIn().begins()) {
            peer.sends(0, Amqp10Peer.sender(0, ADDRESS));
            Object heard = peer.hears();
            while (!(heard instanceof Disposition) && !isEnd(heard)) {
                if (heard instanceof Flow flow && flow.getHandle() != null) {
                    int unused = peer.sendsMessage(0, message);
                }
                heard = peer.hears();
            }
            if (heard instanceof Disposition told && told.getState() instanceof Accepted) {
                GetResponse got = channel.basicGet(QUEUE, true);
                return got == null ? "nothing" : shown(got);
            }
            return "refused";
        }
    }

    private static boolean isEnd(Object heard) {
        return heard instanceof Detach || heard instanceof End || heard instanceof Close;
    }

    private static String shown(GetResponse got) {
        AMQP.BasicProperties of = got.getProps();
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("content-type", of.getContentType());
        shown.put("content-encoding", of.getContentEncoding());
        shown.put("delivery-mode", of.getDeliveryMode());
        shown.put("priority", of.getPriority());
        shown.put("correlation-id", of.getCorrelationId());
        shown.put("reply-to", of.getReplyTo());
        shown.put("expiration", of.getExpiration());
        shown.put("message-id", of.getMessageId());
        shown.put("timestamp", of.getTimestamp());
        shown.put("type", of.getType());
        shown.put("user-id", of.getUserId());
        shown.put("app-id", of.getAppId());
        shown.put("cluster-id", of.getClusterId());
        shown.put("headers", of.getHeaders());
        shown.values().removeIf(Objects::isNull);
        return Shown.value(shown) + " " + Shown.value(got.getBody());
    }

    private void renew() throws IOException {
        channel.queueDelete(QUEUE);
        channel.queueDeclare(QUEUE, true, false, false, Map.of());
    }

    /** Leaves nothing behind in a broker that others use too. */
    @Override
    public void close() throws IOException {
        channel.queueDelete(QUEUE);
        connection.close();
    }
}
