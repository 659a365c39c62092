package io.chasqui.server.amqp10;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import io.chasqui.server.testing.Amqp10Peer;
import io.chasqui.server.testing.RunningBroker;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.amqp.DescribedType;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedLong;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.Detach;
import org.apache.qpid.proton.amqp.transport.Flow;
import org.apache.qpid.proton.amqp.transport.Transfer;
import org.apache.qpid.proton.message.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** 1.0 §3.5.3, §3.5.8: filters and distribution modes of sources. */
class SourceFiltersTest {

    private static final Symbol COPY = Symbol.valueOf("copy");

    private RunningBroker broker;
    private Amqp10Peer peer;
    private Channel channel;

    /** A value with a descriptor, as filters are. */
    private record Described(Object descriptor, Object value) implements DescribedType {
        @Override
        public Object getDescriptor() {
            return descriptor;
        }

        @Override
        public Object getDescribed() {
            return value;
        }
    }

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        channel = broker.connect().createChannel();
        channel.queueDeclare("q", true, false, false, Map.of());
        peer = Amqp10Peer.connect(broker.port()).logsIn().begins();
        peer.attachesSender(0, "q");
    }

    @AfterEach
    void stop() throws Exception {
        peer.close();
        broker.close();
    }

    private void publishes(String subject, String colour) throws Exception {
        Message message = Proton.message();
        message.setDurable(true);
        message.setSubject(subject);
        message.setApplicationProperties(
                new ApplicationProperties(new LinkedHashMap<>(Map.of("colour", colour))));
        message.setBody(new AmqpValue(subject + " " + colour));
        byte[] octets = new byte[1024];
        int length = message.encode(octets, 0, octets.length);
        assertThat(peer.publishes(0, Arrays.copyOf(octets, length))).isInstanceOf(Accepted.class);
    }

    private void publishesWith(String body, int octets) throws Exception {
        Message message = Proton.message();
        message.setDurable(true);
        message.setApplicationProperties(
                new ApplicationProperties(
                        new LinkedHashMap<>(Map.of("colour", "red", "long", "x".repeat(octets)))));
        message.setBody(new AmqpValue(body));
        byte[] encoded = new byte[octets + 1024];
        int length = message.encode(encoded, 0, encoded.length);
        assertThat(peer.publishes(0, Arrays.copyOf(encoded, length))).isInstanceOf(Accepted.class);
    }

    private static Attach receiver(Map<Symbol, Object> filters) {
        Attach attach = Amqp10Peer.receiver(1, "q");
        ((Source) attach.getSource()).setFilter(new LinkedHashMap<>(filters));
        return attach;
    }

    private Source attaches(Attach attach) throws Exception {
        peer.sends(0, attach);
        Source source = (Source) peer.awaits(Attach.class).getSource();
        assertThat(source).isNotNull();
        return source;
    }

    private String hears() throws Exception {
        peer.awaits(Transfer.class);
        Message message = Proton.message();
        message.decode(peer.payload(), 0, peer.payload().length);
        return String.valueOf(((AmqpValue) message.getBody()).getValue());
    }

    private static Map<Symbol, Object> filter(String name, Object descriptor, Object value) {
        return Map.of(Symbol.valueOf(name), new Described(descriptor, value));
    }

    @Test
    void a_selector_of_jms_chooses_messages_and_is_confirmed() throws Exception {
        publishes("a", "red");
        publishes("b", "blue");
        publishes("c", "red");
        Source source =
                attaches(
                        receiver(
                                filter(
                                        "jms-selector",
                                        UnsignedLong.valueOf(0x0000468C00000004L),
                                        "colour = 'red' AND JMSType <> 'a'")));
        Map<?, ?> applied = source.getFilter();
        assertThat(applied.keySet()).hasToString("[jms-selector]");
        assertThat(((DescribedType) applied.get(Symbol.valueOf("jms-selector"))).getDescribed())
                .isEqualTo("colour = 'red' AND JMSType <> 'a'");
        peer.grants(1, 0, 10, true);
        assertThat(hears()).isEqualTo("c red");
        assertThat(peer.awaits(Flow.class).getLinkCredit().intValue()).isZero();
        assertThat(channel.messageCount("q")).isEqualTo(2);
    }

    @Test
    void too_many_properties_are_not_looked_at() throws Exception {
        publishesWith("too long", StoredFields.MOST_OCTETS);
        publishesWith("short enough", StoredFields.MOST_OCTETS - 1000);
        Map<Symbol, Object> red =
                filter("sql-filter", Symbol.valueOf("amqp:sql-filter"), "colour = 'red'");
        attaches(receiver(red));
        peer.grants(1, 0, 10, true);
        assertThat(hears()).isEqualTo("short enough");
        assertThat(peer.awaits(Flow.class).getLinkCredit().intValue()).isZero();
    }

    @Test
    void an_sql_filter_chooses_messages() throws Exception {
        publishes("a", "red");
        publishes("b", "blue");
        attaches(
                receiver(
                        filter(
                                "sql-filter",
                                Symbol.valueOf("amqp:sql-filter"),
                                "p.subject IN ('b', 'x') AND h.priority = 4")));
        peer.grants(1, 0, 10, false);
        assertThat(hears()).isEqualTo("b blue");
    }

    @Test
    void property_filters_choose_messages_and_all_must_be_passed() throws Exception {
        publishes("abc", "red");
        publishes("abd", "blue");
        publishes("xbd", "blue");
        attaches(
                receiver(
                        Map.of(
                                Symbol.valueOf("one"),
                                new Described(
                                        Symbol.valueOf("amqp:properties-filter"),
                                        Map.of(Symbol.valueOf("subject"), "&p:ab")),
                                Symbol.valueOf("two"),
                                new Described(
                                        UnsignedLong.valueOf(0x174), Map.of("colour", "blue")))));
        peer.grants(1, 0, 10, false);
        assertThat(hears()).isEqualTo("abd blue");
    }

    @Test
    void messages_of_the_other_protocol_are_chosen_by_what_they_become() throws Exception {
        for (String type : new String[] {"one", "two"}) {
            channel.basicPublish(
                    "",
                    "q",
                    new BasicProperties.Builder()
                            .headers(Map.of("kind", type))
                            .correlationId("c-" + type)
                            .priority(3)
                            .build(),
                    type.getBytes(UTF_8));
        }
        attaches(
                receiver(
                        filter(
                                "jms-selector",
                                Symbol.valueOf("apache.org:selector-filter:string"),
                                "kind LIKE 't%' AND JMSCorrelationID = 'c-two' AND JMSPriority = 3")));
        peer.grants(1, 0, 10, false);
        peer.awaits(Transfer.class);
        assertThat(new String(peer.payload(), UTF_8)).endsWith("two");
    }

    @Test
    void filters_that_are_not_known_are_left_out_of_the_answer() throws Exception {
        Source source =
                attaches(
                        receiver(
                                filter(
                                        "no-local",
                                        Symbol.valueOf("apache.org:no-local-filter:list"),
                                        "x")));
        assertThat((Object) source.getFilter()).isNull();
        assertThat((Object) source.getDistributionMode()).hasToString("move");
    }

    @Test
    void a_selector_that_makes_no_sense_is_refused_with_the_reason() throws Exception {
        peer.sends(
                0,
                receiver(
                        filter(
                                "jms-selector",
                                Symbol.valueOf("apache.org:selector-filter:string"),
                                "colour =")));
        assertThat(peer.awaits(Attach.class).getSource()).isNull();
        Detach detach = peer.awaits(Detach.class);
        assertThat((Object) detach.getError().getCondition()).hasToString("amqp:invalid-field");
        assertThat(detach.getError().getDescription())
                .isEqualTo("bad filter jms-selector: unexpected 'the end'");
    }

    @Test
    void copies_are_shown_and_nothing_is_taken_whatever_is_said_of_them() throws Exception {
        publishes("a", "red");
        publishes("b", "blue");
        Attach attach = Amqp10Peer.receiver(1, "/queues/q");
        ((Source) attach.getSource()).setDistributionMode(COPY);
        assertThat((Object) attaches(attach).getDistributionMode()).isEqualTo(COPY);
        peer.grants(1, 0, 10, true);
        assertThat(hears()).isEqualTo("a red");
        assertThat(hears()).isEqualTo("b blue");
        assertThat(peer.awaits(Flow.class).getDeliveryCount().intValue()).isEqualTo(10);
        peer.settles(0, Accepted.getInstance()).settles(1, null);
        publishes("c", "red");
        peer.grants(1, 10, 10, true);
        assertThat(hears()).isEqualTo("c red");
        assertThat(channel.messageCount("q")).isEqualTo(3);
        assertThat(channel.consumerCount("q")).isZero();
    }
}
