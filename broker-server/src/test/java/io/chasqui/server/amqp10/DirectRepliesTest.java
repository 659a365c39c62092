package io.chasqui.server.amqp10;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import io.chasqui.core.definition.PermissionDefinition;
import io.chasqui.server.testing.Amqp10Peer;
import io.chasqui.server.testing.Eventually;
import io.chasqui.server.testing.RunningBroker;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.messaging.TerminusDurability;
import org.apache.qpid.proton.amqp.messaging.TerminusExpiryPolicy;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.Detach;
import org.apache.qpid.proton.amqp.transport.SenderSettleMode;
import org.apache.qpid.proton.amqp.transport.Transfer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** RabbitMQ's direct reply-to, as clients of AMQP 1.0 ask for it: a dynamic source that is volatile. */
class DirectRepliesTest {

    private static final String QUEUES = "/queues/";
    private static final String ADDRESSES = QUEUES + "amq.rabbitmq.reply-to.";
    private static final Symbol VOLATILE = Symbol.valueOf("rabbitmq:volatile-queue");

    private RunningBroker broker;
    private Amqp10Peer caller;
    private Amqp10Peer callee;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        caller = Amqp10Peer.connect(broker.port()).logsIn().begins();
        callee = Amqp10Peer.connect(broker.port()).logsIn().begins();
    }

    @AfterEach
    void stop() throws Exception {
        caller.close();
        callee.close();
        broker.close();
    }

    private static Attach consumer() {
        Attach attach = Amqp10Peer.receiver(0, "");
        attach.setSndSettleMode(SenderSettleMode.SETTLED);
        Source source = new Source();
        source.setDynamic(true);
        source.setExpiryPolicy(TerminusExpiryPolicy.LINK_DETACH);
        source.setCapabilities(VOLATILE);
        attach.setSource(source);
        return attach;
    }

    private String consumes(int credit) throws Exception {
        caller.sends(0, consumer());
        Source source = (Source) caller.expects(Attach.class).getSource();
        assertThat(source.getDynamic()).isTrue();
        assertThat(source.getCapabilities()).containsExactly(VOLATILE);
        assertThat(source.getAddress()).startsWith(ADDRESSES);
        caller.grants(0, 0, credit, false);
        return source.getAddress();
    }

    private String hears() throws Exception {
        assertThat(caller.awaits(Transfer.class).getSettled()).isTrue();
        return new String(caller.payload(), UTF_8);
    }

    private void stopsToConsume() throws Exception {
        Detach detach = new Detach();
        detach.setHandle(UnsignedInteger.ZERO);
        detach.setClosed(true);
        caller.sends(0, detach).awaits(Detach.class);
    }

    private static void isDetached(Amqp10Peer peer, String condition) throws Exception {
        assertThat((Object) peer.awaits(Detach.class).getError().getCondition())
                .hasToString(condition);
    }

    @Test
    void replies_come_settled_to_who_consumes_them() throws Exception {
        callee.attachesSender(0, consumes(2));
        assertThat(callee.publishes(0, Messages.data("one"))).isInstanceOf(Accepted.class);
        assertThat(hears()).endsWith("one");
        assertThat(callee.publishes(0, Messages.data("two"))).isInstanceOf(Accepted.class);
        assertThat(hears()).endsWith("two");
    }

    @Test
    void a_message_without_a_target_may_be_a_reply() throws Exception {
        String address = consumes(1);
        callee.attachesSender(0, null);
        assertThat(callee.publishes(0, Messages.to(address, "reply"))).isInstanceOf(Accepted.class);
        assertThat(hears()).endsWith("reply");
    }

    @Test
    void replies_wait_for_credit() throws Exception {
        callee.attachesSender(0, consumes(0));
        assertThat(callee.publishes(0, Messages.data("early"))).isInstanceOf(Accepted.class);
        caller.grants(0, 0, 1, false);
        assertThat(hears()).endsWith("early");
    }

    @Test
    void a_client_of_0_9_1_replies() throws Exception {
        String queue = consumes(1).substring(QUEUES.length());
        Channel channel = broker.connect().createChannel();
        channel.basicPublish("", queue, null, "old".getBytes(UTF_8));
        assertThat(hears()).endsWith("old");
    }

    @Test
    void a_client_of_0_9_1_is_replied_to() throws Exception {
        Channel channel = broker.connect().createChannel();
        channel.queueDeclare("requests", true, false, false, Map.of());
        CompletableFuture<String> reply = new CompletableFuture<>();
        channel.basicConsume(
                "amq.rabbitmq.reply-to",
                true,
                (_, delivery) -> reply.complete(new String(delivery.getBody(), UTF_8)),
                _ -> {});
        BasicProperties asks =
                new BasicProperties.Builder().replyTo("amq.rabbitmq.reply-to").build();
        channel.basicPublish("", "requests", asks, "ask".getBytes(UTF_8));
        callee.attachesReceiver(0, "/queues/requests", 1).awaits(Transfer.class);
        String request = new String(callee.payload(), UTF_8);
        int at = request.indexOf(ADDRESSES);
        String address = request.substring(at, at + request.charAt(at - 1));
        callee.attachesSender(1, address);
        assertThat(callee.publishes(1, Messages.data("answer"))).isInstanceOf(Accepted.class);
        assertThat(reply.get(10, TimeUnit.SECONDS)).isEqualTo("answer");
    }

    @Test
    void an_address_ends_with_its_link() throws Exception {
        String address = consumes(1);
        callee.attachesSender(0, address);
        stopsToConsume();
        callee.sendsMessage(0, Messages.data("late"));
        isDetached(callee, "amqp:resource-deleted");
        callee.sends(0, Amqp10Peer.sender(1, address)).awaits(Attach.class);
        isDetached(callee, "amqp:not-found");
    }

    @Test
    void nobody_else_consumes_them() throws Exception {
        callee.sends(0, Amqp10Peer.receiver(0, consumes(1))).awaits(Attach.class);
        isDetached(callee, "amqp:precondition-failed");
    }

    @Test
    void links_of_one_session_have_addresses_of_their_own() throws Exception {
        String first = consumes(1);
        Attach other = consumer();
        other.setName("other");
        other.setHandle(UnsignedInteger.ONE);
        caller.sends(0, other);
        assertThat(((Source) caller.expects(Attach.class).getSource()).getAddress())
                .startsWith(ADDRESSES)
                .isNotEqualTo(first);
    }

    @Test
    void who_consumes_them_is_counted_as_long_as_that_lasts() throws Exception {
        consumes(1);
        counts("rabbitmq_global_consumers{protocol=\"amqp10\"} 1");
        stopsToConsume();
        counts("rabbitmq_global_consumers{protocol=\"amqp10\"} 0");
    }

    private void counts(String metric) throws Exception {
        Eventually.eventually(
                () -> assertThat(MetricsByProtocolTest.scraped(broker).lines()).contains(metric));
    }

    enum Kept {
        UNSETTLED(attach -> attach.setSndSettleMode(SenderSettleMode.UNSETTLED)),
        UNTIL_THE_SESSION_ENDS(
                attach -> source(attach).setExpiryPolicy(TerminusExpiryPolicy.SESSION_END)),
        FOR_A_WHILE(attach -> source(attach).setTimeout(UnsignedInteger.ONE)),
        DURABLY(attach -> source(attach).setDurable(TerminusDurability.CONFIGURATION));

        private final Consumer<Attach> change;

        Kept(Consumer<Attach> change) {
            this.change = change;
        }

        private static Source source(Attach attach) {
            return (Source) attach.getSource();
        }
    }

    @ParameterizedTest
    @EnumSource
    void they_are_not_kept(Kept kept) throws Exception {
        Attach attach = consumer();
        kept.change.accept(attach);
        caller.sends(0, attach).awaits(Attach.class);
        isDetached(caller, "amqp:not-implemented");
    }

    @Test
    void who_may_not_read_the_address_may_not_consume() throws Exception {
        broker.addUser("writer", "pw");
        PermissionDefinition elsewhere =
                new PermissionDefinition("writer", ".*", ".*", "^(?!amq\\.rabbitmq\\.).*");
        broker.broker().administration().setPermission("/", elsewhere);
        try (Amqp10Peer writer =
                Amqp10Peer.connect(broker.port()).logsIn("writer", "pw").begins()) {
            writer.sends(0, consumer()).awaits(Attach.class);
            isDetached(writer, "amqp:unauthorized-access");
        }
    }
}
