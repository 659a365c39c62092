package io.chasqui.server.amqp10;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.chasqui.protocol.amqp10.MessageSections;
import io.chasqui.protocol.amqp10.ValueWriter;
import io.chasqui.server.testing.Amqp10Peer;
import io.chasqui.server.testing.ChildBroker;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnknownDescribedType;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.messaging.Target;
import org.apache.qpid.proton.amqp.messaging.TerminusDurability;
import org.apache.qpid.proton.amqp.messaging.TerminusExpiryPolicy;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.Detach;
import org.apache.qpid.proton.amqp.transport.Disposition;
import org.apache.qpid.proton.amqp.transport.Flow;
import org.apache.qpid.proton.amqp.transport.ReceiverSettleMode;
import org.apache.qpid.proton.amqp.transport.Role;
import org.apache.qpid.proton.amqp.transport.Transfer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client of AMQP 1.0 was told is still true after kill -9. */
class KillTest {

    private static final Symbol TOPIC = Symbol.valueOf("topic");
    private static final int MESSAGES = 200;
    private static final int TOLD_AT_LEAST = 120;

    @TempDir private Path directory;

    private ChildBroker launch(String... settings) throws Exception {
        return ChildBroker.launch(directory, settings).awaitReady();
    }

    private static Amqp10Peer peer(ChildBroker broker) throws Exception {
        return Amqp10Peer.connect(broker.port()).logsIn().begins();
    }

    private static void declares(ChildBroker broker, String queue) throws Exception {
        try (Connection connection = broker.factory().newConnection()) {
            Channel channel = connection.createChannel();
            channel.queueDeclare(queue, true, false, false, Map.of());
        }
    }

    private static long ready(ChildBroker broker, String queue) throws Exception {
        try (Connection connection = broker.factory().newConnection()) {
            return connection.createChannel().messageCount(queue);
        }
    }

    /** A message with a section of each kind that is kept, and a body of its own length. */
    private static byte[] message(int number) {
        ValueWriter out = new ValueWriter().described(MessageSections.HEADER);
        int header = out.beginList();
        out.bool(true).end(header, 1);
        out.described(MessageSections.PROPERTIES);
        int properties = out.beginList();
        out.string("id-" + number).end(properties, 1);
        out.described(MessageSections.APPLICATION_PROPERTIES);
        int map = out.beginMap();
        out.string("number").string("n" + number).end(map, 2);
        byte[] body = new byte[number * 37 % 4000];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) (number + i);
        }
        return out.described(MessageSections.DATA).binary(body).toArray();
    }

    /** What is behind the header and the annotations, which are the broker's to change. */
    private static String kept(byte[] message) {
        MessageSections sections = new MessageSections();
        ByteBuffer in = ByteBuffer.wrap(message);
        sections.scan(in, 0, message.length);
        int at = sections.value(MessageSections.PROPERTIES) - 3;
        return new String(message, at, message.length - at, ISO_8859_1);
    }

    @Test
    void accepted_messages_are_there_with_the_same_octets() throws Exception {
        Set<String> accepted = new HashSet<>();
        Set<String> sent = new HashSet<>();
        try (ChildBroker broker = launch();
                Amqp10Peer peer = peer(broker)) {
            declares(broker, "q");
            peer.attachesSender(0, "/queues/q");
            for (int i = 0; i < MESSAGES; i++) {
                peer.sendsMessage(0, message(i));
                sent.add(kept(message(i)));
            }
            while (accepted.size() < TOLD_AT_LEAST) {
                Disposition told = peer.awaits(Disposition.class);
                assertThat(told.getState()).isInstanceOf(Accepted.class);
                UnsignedInteger last = told.getLast() == null ? told.getFirst() : told.getLast();
                for (int i = told.getFirst().intValue(); i <= last.intValue(); i++) {
                    accepted.add(kept(message(i)));
                }
            }
        }
        try (ChildBroker broker = launch();
                Amqp10Peer peer = peer(broker)) {
            int there = (int) ready(broker, "q");
            peer.attachesReceiver(0, "/queues/q", there);
            List<String> received = new ArrayList<>();
            while (received.size() < there) {
                peer.awaits(Transfer.class);
                received.add(kept(peer.payload()));
            }
            assertThat(received)
                    .doesNotHaveDuplicates()
                    .containsAll(accepted)
                    .allSatisfy(one -> assertThat(sent.contains(one)).isTrue());
        }
    }

    @Test
    void a_durable_subscription_has_what_came_while_detached_and_its_selector() throws Exception {
        try (ChildBroker broker = launch();
                Amqp10Peer peer = peer(broker)) {
            subscribes(peer);
            detaches(peer);
            publishes(peer, "JMS", "1");
            publishes(peer, "other", "2");
            publishes(peer, "JMS", "3");
        }
        try (ChildBroker broker = launch();
                Amqp10Peer peer = peer(broker)) {
            Attach question = Amqp10Peer.receiver(0, "");
            question.setName("sub");
            question.setSource(null);
            peer.sends(0, question);
            Source kept = (Source) peer.awaits(Attach.class).getSource();
            assertThat(kept.getAddress()).isEqualTo("news");
            Map<?, ?> filters = kept.getFilter();
            assertThat(filters).hasSize(1);
            detaches(peer);
            publishes(peer, "other", "4");
            publishes(peer, "JMS", "5");
            subscribes(peer);
            peer.grants(0, 0, 10, false);
            List<String> received = new ArrayList<>();
            while (received.size() < 3) {
                peer.awaits(Transfer.class);
                String text = new String(peer.payload(), UTF_8);
                received.add(text.substring(text.length() - 1));
            }
            assertThat(received).containsExactly("1", "3", "5");
        }
    }

    private static void subscribes(Amqp10Peer peer) throws Exception {
        Attach attach = Amqp10Peer.receiver(0, "news");
        attach.setName("sub");
        Source source = (Source) attach.getSource();
        source.setCapabilities(TOPIC);
        source.setDurable(TerminusDurability.UNSETTLED_STATE);
        source.setExpiryPolicy(TerminusExpiryPolicy.NEVER);
        source.setFilter(
                Map.of(
                        Symbol.valueOf("jms-selector"),
                        new UnknownDescribedType(
                                Symbol.valueOf("apache.org:selector-filter:string"),
                                "JMSType = 'JMS'")));
        peer.sends(0, attach);
        assertThat(peer.awaits(Attach.class).getSource()).isNotNull();
    }

    private static void detaches(Amqp10Peer peer) throws Exception {
        Detach detach = new Detach();
        detach.setHandle(UnsignedInteger.ZERO);
        peer.sends(0, detach);
        assertThat(peer.awaits(Detach.class).getError()).isNull();
    }

    /** Publishes a durable message of this type, over a link of its own. */
    private static void publishes(Amqp10Peer peer, String type, String text) throws Exception {
        Attach attach = Amqp10Peer.sender(1, "news");
        ((Target) attach.getTarget()).setCapabilities(TOPIC);
        peer.sends(0, attach);
        peer.awaits(Flow.class);
        ValueWriter out = new ValueWriter().described(MessageSections.HEADER);
        int header = out.beginList();
        out.bool(true).end(header, 1);
        out.described(MessageSections.PROPERTIES);
        int properties = out.beginList();
        out.putNull().putNull().putNull().string(type).end(properties, 4);
        byte[] message = out.described(MessageSections.DATA).binary(text.getBytes(UTF_8)).toArray();
        assertThat(peer.publishes(1, message)).isInstanceOf(Accepted.class);
        Detach detach = new Detach();
        detach.setHandle(UnsignedInteger.ONE);
        detach.setClosed(true);
        peer.sends(0, detach);
        peer.awaits(Detach.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void what_the_broker_has_settled_as_accepted_never_comes_again(int eventLoops)
            throws Exception {
        try (ChildBroker broker = launch("event-loops=" + eventLoops);
                Amqp10Peer peer = peer(broker)) {
            declares(broker, "q");
            peer.attachesSender(1, "/queues/q");
            for (int i = 0; i < 10; i++) {
                assertThat(peer.publishes(1, Messages.durable("m" + i)))
                        .isInstanceOf(Accepted.class);
            }
            Attach attach = Amqp10Peer.receiver(0, "/queues/q");
            attach.setRcvSettleMode(ReceiverSettleMode.SECOND);
            peer.sends(0, attach).awaits(Attach.class);
            peer.grants(0, 0, 10, false);
            for (int i = 0; i < 10; i++) {
                peer.awaits(Transfer.class);
            }
            peer.sends(0, accepted(0, 2)).sends(0, accepted(3, 3)).sends(0, accepted(7, 8));
            int settled = 0;
            while (settled < 6) {
                Disposition told = peer.awaits(Disposition.class);
                assertThat(told.getRole()).isEqualTo(Role.SENDER);
                assertThat(told.getSettled()).isTrue();
                assertThat(told.getState()).isInstanceOf(Accepted.class);
                UnsignedInteger last = told.getLast() == null ? told.getFirst() : told.getLast();
                settled += last.intValue() - told.getFirst().intValue() + 1;
            }
        }
        try (ChildBroker broker = launch()) {
            assertThat(ready(broker, "q")).isEqualTo(4);
        }
    }

    private static Disposition accepted(int first, int last) {
        Disposition disposition = new Disposition();
        disposition.setRole(Role.RECEIVER);
        disposition.setFirst(UnsignedInteger.valueOf(first));
        disposition.setLast(UnsignedInteger.valueOf(last));
        disposition.setState(Accepted.getInstance());
        return disposition;
    }
}
