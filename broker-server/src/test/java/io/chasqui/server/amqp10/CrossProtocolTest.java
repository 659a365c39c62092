package io.chasqui.server.amqp10;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.LongString;
import io.chasqui.server.testing.Amqp10Peer;
import io.chasqui.server.testing.RunningBroker;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
import org.apache.qpid.proton.amqp.messaging.Header;
import org.apache.qpid.proton.amqp.messaging.MessageAnnotations;
import org.apache.qpid.proton.amqp.messaging.Properties;
import org.apache.qpid.proton.amqp.transport.Transfer;
import org.apache.qpid.proton.message.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages that go in by one protocol and out by the other, as a live RabbitMQ 4.3.6 has them. */
class CrossProtocolTest {

    private static final UUID ID = UUID.fromString("11111111-2222-3333-4444-555555555555");

    private RunningBroker broker;
    private Amqp10Peer peer;
    private Channel channel;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        channel = broker.connect().createChannel();
        channel.queueDeclare("m", true, false, false, Map.of());
        peer = Amqp10Peer.connect(broker.port()).logsIn().begins();
    }

    @AfterEach
    void stop() throws Exception {
        peer.close();
        broker.close();
    }

    private GetResponse through(Message message) throws Exception {
        byte[] octets = new byte[64 * 1024];
        int size = message.encode(octets, 0, octets.length);
        peer.attachesSender(0, "/queues/m");
        assertThat(peer.publishes(0, Arrays.copyOf(octets, size))).isInstanceOf(Accepted.class);
        return channel.basicGet("m", true);
    }

    private Message through(BasicProperties properties, byte... body) throws Exception {
        channel.basicPublish("", "m", properties, body);
        peer.attachesReceiver(0, "/queues/m", 1).awaits(Transfer.class);
        Message message = Proton.message();
        message.decode(peer.payload(), 0, peer.payload().length);
        return message;
    }

    // -- 1.0 to 0-9-1

    @Test
    void header_and_properties_become_properties() throws Exception {
        Message message = Proton.message();
        Header header = new Header();
        header.setDurable(true);
        header.setPriority(UnsignedByte.valueOf((byte) 7));
        header.setTtl(UnsignedInteger.valueOf(60_000));
        message.setHeader(header);
        Properties properties = new Properties();
        properties.setMessageId("id-1");
        properties.setUserId(new Binary("guest".getBytes(UTF_8)));
        properties.setSubject("left out");
        properties.setReplyTo("/queues/r%2Fs");
        properties.setCorrelationId(ID);
        properties.setContentType(Symbol.valueOf("text/plain"));
        properties.setContentEncoding(Symbol.valueOf("gzip"));
        properties.setCreationTime(new Date(1_700_000_000_500L));
        properties.setGroupId("grp");
        message.setProperties(properties);
        message.setBody(new Data(new Binary("x".getBytes(UTF_8))));
        BasicProperties seen = through(message).getProps();
        assertThat(seen.getDeliveryMode()).isEqualTo(2);
        assertThat(seen.getPriority()).isEqualTo(7);
        assertThat(seen.getExpiration()).isEqualTo("60000");
        assertThat(seen.getMessageId()).isEqualTo("id-1");
        assertThat(seen.getUserId()).isEqualTo("guest");
        assertThat(seen.getReplyTo()).isEqualTo("r/s");
        assertThat(seen.getCorrelationId()).isEqualTo("urn:uuid:" + ID);
        assertThat(seen.getContentType()).isEqualTo("text/plain");
        assertThat(seen.getContentEncoding()).isEqualTo("gzip");
        assertThat(seen.getTimestamp()).isEqualTo(new Date(1_700_000_000_000L));
        assertThat(seen.getAppId()).isEqualTo("grp");
        assertThat(seen.getType()).isNull();
        assertThat(seen.getHeaders()).isNull();
    }

    @Test
    void ids_of_other_types_become_text_or_headers() throws Exception {
        Message message = Proton.message();
        Properties properties = new Properties();
        properties.setMessageId(UnsignedLong.valueOf(77));
        properties.setCorrelationId(new Binary(new byte[] {1, 2}));
        message.setProperties(properties);
        message.setBody(new Data(new Binary(new byte[0])));
        BasicProperties seen = through(message).getProps();
        assertThat(seen.getMessageId()).isEqualTo("77");
        assertThat(seen.getCorrelationId()).isNull();
        assertThat(seen.getHeaders()).containsEntry("x-correlation-id", new byte[] {1, 2});
    }

    @Test
    void application_properties_become_headers() throws Exception {
        Map<String, Object> given = new LinkedHashMap<>();
        given.put("s", "str");
        given.put("i", 5);
        given.put("l", 7L);
        given.put("ul", UnsignedLong.valueOf(8));
        given.put("ui", UnsignedInteger.valueOf(9));
        given.put("ub", UnsignedByte.valueOf((byte) 3));
        given.put("us", UnsignedShort.valueOf((short) 4));
        given.put("b", (byte) -3);
        given.put("sh", (short) -4);
        given.put("f", 1.5f);
        given.put("d", 2.5);
        given.put("t", true);
        given.put("ts", new Date(1_700_000_000_123L));
        given.put("sym", Symbol.valueOf("sy"));
        given.put("uuid", ID);
        given.put("x-a", "xval");
        Message message = Proton.message();
        message.setApplicationProperties(new ApplicationProperties(given));
        message.setBody(new Data(new Binary(new byte[0])));
        Map<String, Object> seen = new HashMap<>(through(message).getProps().getHeaders());
        seen.replaceAll((_, value) -> value instanceof LongString text ? text.toString() : value);
        Map<String, Object> expected = new HashMap<>();
        expected.put("s", "str");
        expected.put("i", 5);
        expected.put("l", 7L);
        expected.put("ul", 8L);
        expected.put("ui", 9L);
        expected.put("ub", 3);
        expected.put("us", 4);
        expected.put("b", (byte) -3);
        expected.put("sh", (short) -4);
        expected.put("f", 1.5f);
        expected.put("d", 2.5);
        expected.put("t", true);
        expected.put("ts", new Date(1_700_000_000_000L));
        expected.put("sym", "sy");
        expected.put("uuid", ID.toString());
        expected.put("x-a", "xval");
        assertThat(seen).isEqualTo(expected);
    }

    @Test
    void annotations_with_x_become_headers() throws Exception {
        Map<Symbol, Object> given = new LinkedHashMap<>();
        given.put(Symbol.valueOf("x-foo"), "bar");
        given.put(Symbol.valueOf("other"), "left out");
        given.put(Symbol.valueOf("x-basic-type"), "typ");
        given.put(Symbol.valueOf("x-cc"), List.of("m2"));
        given.put(Symbol.valueOf("x-map"), Map.of(Symbol.valueOf("k"), 1));
        Message message = Proton.message();
        message.setMessageAnnotations(new MessageAnnotations(given));
        message.setBody(new Data(new Binary(new byte[0])));
        BasicProperties seen = through(message).getProps();
        assertThat(seen.getType()).isEqualTo("typ");
        assertThat(seen.getHeaders().keySet()).containsExactlyInAnyOrder("x-foo", "CC", "x-map");
        assertThat(seen.getHeaders().get("x-map")).isEqualTo(Map.of("k", 1));
    }

    @Test
    void bodies_other_than_data_stay_encoded() throws Exception {
        Message message = Proton.message();
        message.setBody(new AmqpValue("text"));
        GetResponse seen = through(message);
        assertThat(seen.getProps().getType()).isEqualTo("amqp-1.0");
        assertThat(seen.getBody())
                .isEqualTo(new byte[] {0, 0x53, 0x77, (byte) 0xA1, 4, 't', 'e', 'x', 't'});
    }

    @Test
    void a_sequence_stays_encoded() throws Exception {
        Message message = Proton.message();
        message.setBody(new AmqpSequence(List.of(1, "x")));
        assertThat(through(message).getProps().getType()).isEqualTo("amqp-1.0");
    }

    // -- 0-9-1 to 1.0

    @Test
    void properties_become_header_and_properties() throws Exception {
        BasicProperties given =
                new BasicProperties.Builder()
                        .contentType("text/plain")
                        .contentEncoding("gzip")
                        .deliveryMode(2)
                        .priority(4)
                        .correlationId("urn:uuid:" + ID)
                        .replyTo("r/q")
                        .expiration("60000")
                        .messageId("mid")
                        .timestamp(new Date(1_700_000_000_000L))
                        .type("typ")
                        .userId("guest")
                        .appId("app")
                        .build();
        Message seen = through(given, (byte) 'b');
        assertThat(seen.getHeader().getDurable()).isTrue();
        assertThat(seen.getHeader().getPriority().intValue()).isEqualTo(4);
        assertThat(seen.getHeader().getTtl().intValue()).isEqualTo(60_000);
        assertThat(seen.getHeader().getFirstAcquirer()).isTrue();
        Properties properties = seen.getProperties();
        assertThat(properties.getMessageId()).isEqualTo("mid");
        assertThat(properties.getCorrelationId()).isEqualTo(ID);
        assertThat(properties.getUserId()).hasToString("guest");
        assertThat(properties.getReplyTo()).isEqualTo("/queues/r%2Fq");
        assertThat((Object) properties.getContentType()).hasToString("text/plain");
        assertThat((Object) properties.getContentEncoding()).hasToString("gzip");
        assertThat(properties.getCreationTime()).isEqualTo(new Date(1_700_000_000_000L));
        assertThat(properties.getGroupId()).isEqualTo("app");
        assertThat(seen.getMessageAnnotations().getValue())
                .isEqualTo(
                        Map.of(
                                Symbol.valueOf("x-basic-type"),
                                "typ",
                                Symbol.valueOf("x-exchange"),
                                "",
                                Symbol.valueOf("x-routing-key"),
                                "m"));
        assertThat(((Data) seen.getBody()).getValue()).isEqualTo(new Binary(new byte[] {'b'}));
    }

    @Test
    void headers_become_application_properties_or_annotations() throws Exception {
        Map<String, Object> given = new HashMap<>();
        given.put("s", "str");
        given.put("i", 5);
        given.put("big", 1L << 40);
        given.put("n", null);
        given.put("ts", new Date(1_700_000_000_000L));
        given.put("long", "z".repeat(300));
        given.put("tab", Map.of("k", "v"));
        given.put("arr", List.of(1, "a"));
        given.put("x-tab", Map.of("k", "v"));
        given.put("CC", List.of("other"));
        Message seen = through(new BasicProperties.Builder().headers(given).build());
        Map<String, Object> expected = new HashMap<>();
        expected.put("s", "str");
        expected.put("i", 5);
        expected.put("big", 1L << 40);
        expected.put("n", null);
        expected.put("ts", new Date(1_700_000_000_000L));
        expected.put("long", "z".repeat(300));
        assertThat(seen.getApplicationProperties().getValue()).isEqualTo(expected);
        assertThat(seen.getMessageAnnotations().getValue())
                .containsEntry(Symbol.valueOf("x-tab"), Map.of(Symbol.valueOf("k"), "v"))
                .containsEntry(Symbol.valueOf("x-cc"), List.of("other"));
    }

    @Test
    void encoded_sections_go_out_as_they_are() throws Exception {
        byte[] sections = {0, 0x53, 0x77, (byte) 0xA1, 2, 'h', 'i'};
        Message seen = through(new BasicProperties.Builder().type("amqp-1.0").build(), sections);
        assertThat(((AmqpValue) seen.getBody()).getValue()).isEqualTo("hi");
    }

    @Test
    void deaths_are_told_in_the_other_protocol() throws Exception {
        channel.queueDeclare(
                "work",
                true,
                false,
                false,
                Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "m"));
        channel.basicPublish("", "work", null, "dies".getBytes(UTF_8));
        channel.basicReject(channel.basicGet("work", false).getEnvelope().getDeliveryTag(), false);
        peer.attachesReceiver(0, "/queues/m", 1).awaits(Transfer.class);
        Message message = Proton.message();
        message.decode(peer.payload(), 0, peer.payload().length);
        Map<Symbol, Object> annotations = message.getMessageAnnotations().getValue();
        assertThat(annotations)
                .containsEntry(Symbol.valueOf("x-first-death-queue"), "work")
                .containsEntry(Symbol.valueOf("x-last-death-reason"), "rejected");
        Object[] deaths = (Object[]) annotations.get(Symbol.valueOf("x-opt-deaths"));
        Map<?, ?> death = (Map<?, ?>) deaths[0];
        assertThat(death.get(Symbol.valueOf("queue"))).isEqualTo("work");
        assertThat(death.get(Symbol.valueOf("count"))).isEqualTo(UnsignedLong.valueOf(1));
        assertThat((Object[]) death.get(Symbol.valueOf("routing-keys"))).containsExactly("work");
    }

    @Test
    void deaths_of_a_message_of_1_0_are_told_to_0_9_1() throws Exception {
        channel.queueDeclare(
                "work",
                true,
                false,
                false,
                Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "m"));
        peer.attachesSender(0, "/queues/work");
        assertThat(peer.publishes(0, Messages.durable("dies"))).isInstanceOf(Accepted.class);
        channel.basicReject(channel.basicGet("work", false).getEnvelope().getDeliveryTag(), false);
        eventually(() -> assertThat(channel.messageCount("m")).isEqualTo(1));
        GetResponse dead = channel.basicGet("m", true);
        assertThat(dead.getBody()).asString().isEqualTo("dies");
        assertThat(dead.getProps().getHeaders().get("x-first-death-queue")).hasToString("work");
        List<?> deaths = (List<?>) dead.getProps().getHeaders().get("x-death");
        assertThat(((Map<?, ?>) deaths.getFirst()).get("count")).isEqualTo(1L);
    }
}
