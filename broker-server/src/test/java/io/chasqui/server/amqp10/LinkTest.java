package io.chasqui.server.amqp10;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import io.chasqui.server.testing.Amqp10Peer;
import io.chasqui.server.testing.Eventually;
import io.chasqui.server.testing.RunningBroker;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Modified;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.messaging.Released;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.messaging.Target;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.Begin;
import org.apache.qpid.proton.amqp.transport.Close;
import org.apache.qpid.proton.amqp.transport.Detach;
import org.apache.qpid.proton.amqp.transport.Disposition;
import org.apache.qpid.proton.amqp.transport.End;
import org.apache.qpid.proton.amqp.transport.Flow;
import org.apache.qpid.proton.amqp.transport.Open;
import org.apache.qpid.proton.amqp.transport.ReceiverSettleMode;
import org.apache.qpid.proton.amqp.transport.Role;
import org.apache.qpid.proton.amqp.transport.Transfer;
import org.apache.qpid.proton.message.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** 1.0 §2.6: links, what goes over them, and what becomes of it. */
class LinkTest {

    private RunningBroker broker;
    private Amqp10Peer peer;
    private Channel channel;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        channel = broker.connect().createChannel();
        channel.queueDeclare("q", true, false, false, Map.of());
        peer = Amqp10Peer.connect(broker.port()).logsIn().begins();
    }

    @AfterEach
    void stop() throws Exception {
        peer.close();
        broker.close();
    }

    private void detaches(String condition) throws Exception {
        Detach detach = peer.awaits(Detach.class);
        assertThat((Object) detach.getError().getCondition()).hasToString(condition);
        assertThat(detach.getClosed()).isTrue();
        Detach answer = new Detach();
        answer.setHandle(detach.getHandle());
        answer.setClosed(true);
        peer.sends(0, answer);
    }

    private String hearsText() throws Exception {
        peer.awaits(Transfer.class);
        byte[] payload = peer.payload();
        return new String(payload, UTF_8);
    }

    // -- sending

    @Test
    void a_message_is_accepted_once_it_is_stored() throws Exception {
        peer.attachesSender(0, "/queues/q");
        assertThat(peer.publishes(0, Messages.durable("one"))).isInstanceOf(Accepted.class);
        GetResponse got = channel.basicGet("q", true);
        assertThat(got.getBody()).asString().isEqualTo("one");
        assertThat(got.getProps().getDeliveryMode()).isEqualTo(2);
        assertThat(got.getEnvelope().getRoutingKey()).isEqualTo("q");
    }

    @Test
    void many_outcomes_come_in_one_disposition() throws Exception {
        peer.attachesSender(0, "q");
        for (int i = 0; i < 100; i++) {
            peer.sendsMessage(0, Messages.durable("m" + i));
        }
        int settled = 0;
        int dispositions = 0;
        while (settled < 100) {
            Disposition disposition = peer.awaits(Disposition.class);
            assertThat(disposition.getFirst().intValue()).isEqualTo(settled);
            UnsignedInteger last = disposition.getLast();
            settled = (last == null ? disposition.getFirst() : last).intValue() + 1;
            dispositions++;
        }
        assertThat(dispositions).isLessThan(100);
    }

    @Test
    void a_settled_message_is_stored_without_an_outcome() throws Exception {
        peer.attachesSender(0, "/queues/q");
        Transfer transfer = Amqp10Peer.transfer(0, 0);
        transfer.setSettled(true);
        peer.sends(0, transfer, Messages.data("quiet"));
        Eventually.eventually(() -> assertThat(channel.messageCount("q")).isEqualTo(1));
    }

    @Test
    void what_reaches_no_queue_is_released() throws Exception {
        peer.attachesSender(0, "/exchanges/amq.direct/nobody");
        assertThat(peer.publishes(0, Messages.data("lost"))).isInstanceOf(Released.class);
    }

    @Test
    void an_exchange_and_a_key_are_percent_decoded() throws Exception {
        channel.queueBind("q", "amq.direct", "a/b c");
        peer.attachesSender(0, "/exchanges/amq.direct/a%2Fb%20c");
        assertThat(peer.publishes(0, Messages.data("found"))).isInstanceOf(Accepted.class);
    }

    @Test
    void without_a_target_address_each_message_says_where_it_goes() throws Exception {
        peer.attachesSender(0, null);
        assertThat(peer.publishes(0, Messages.to("/queues/q", "here")))
                .isInstanceOf(Accepted.class);
        assertThat(peer.publishes(0, Messages.to("/nothing", "there")))
                .isInstanceOf(Rejected.class);
        assertThat(peer.publishes(0, Messages.data("nowhere"))).isInstanceOf(Rejected.class);
        assertThat(channel.messageCount("q")).isEqualTo(1);
    }

    @Test
    void a_full_queue_rejects() throws Exception {
        channel.queueDeclare(
                "full",
                true,
                false,
                false,
                Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
        peer.attachesSender(0, "/queues/full");
        assertThat(peer.publishes(0, Messages.durable("in"))).isInstanceOf(Accepted.class);
        assertThat(peer.publishes(0, Messages.durable("out")))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> {
                            assertThat(rejected.getError().getDescription())
                                    .isEqualTo("queue 'full' exceeded maximum length");
                            assertThat((Object) rejected.getError().getInfo())
                                    .isEqualTo(
                                            Map.of(
                                                    Symbol.valueOf("queue"),
                                                    "full",
                                                    Symbol.valueOf("reason"),
                                                    Symbol.valueOf("maxlen")));
                        });
    }

    @Test
    void a_queue_that_counts_tells_how_often_a_message_was_given_out() throws Exception {
        channel.queueDeclare("counts", true, false, false, Map.of("x-queue-type", "quorum"));
        channel.basicPublish("", "counts", null, new byte[1]);
        peer.attachesReceiver(0, "/queues/counts", 10);
        assertThat(annotations()).containsOnlyKeys("x-exchange", "x-routing-key");
        peer.settles(0, Released.getInstance());
        assertThat(annotations())
                .containsEntry("x-acquired-count", 1L)
                .doesNotContainKey("x-delivery-count");
        Modified failed = new Modified();
        failed.setDeliveryFailed(true);
        peer.settles(1, failed);
        assertThat(annotations())
                .containsEntry("x-acquired-count", 2L)
                .containsEntry("x-delivery-count", 1L);
    }

    /** Of the message that comes next. */
    private Map<String, Object> annotations() throws Exception {
        peer.awaits(Transfer.class);
        Message message = Proton.message();
        message.decode(peer.payload(), 0, peer.payload().length);
        Map<String, Object> annotations = new HashMap<>();
        message.getMessageAnnotations()
                .getValue()
                .forEach((name, value) -> annotations.put(name.toString(), value));
        return annotations;
    }

    @Test
    void a_message_comes_in_several_frames() throws Exception {
        peer.attachesSender(0, "/queues/q");
        byte[] whole = Messages.data("in several parts");
        Transfer first = Amqp10Peer.transfer(0, 0);
        first.setMore(true);
        Transfer further = new Transfer();
        further.setHandle(UnsignedInteger.ZERO);
        peer.sends(0, first, Arrays.copyOf(whole, 5));
        peer.sends(0, further, Arrays.copyOfRange(whole, 5, whole.length));
        assertThat(peer.expects(Disposition.class).getState()).isInstanceOf(Accepted.class);
        assertThat(channel.basicGet("q", true).getBody()).asString().isEqualTo("in several parts");
    }

    @Test
    void messages_that_are_not_whole_take_only_so_much_memory() throws Exception {
        byte[] part = new byte[100_000];
        long most = 4L * (16 << 20);
        int links = 0;
        for (long sent = 0; sent <= most; sent += 100L * part.length) {
            peer.attachesSender(links, "/queues/q");
            Transfer transfer = Amqp10Peer.transfer(links, links);
            transfer.setMore(true);
            for (int i = 0; i < 100; i++) {
                peer.sends(0, transfer, part);
            }
            links++;
        }
        Detach detach = peer.awaits(Detach.class);
        assertThat((Object) detach.getError().getCondition())
                .hasToString("amqp:resource-limit-exceeded");
        assertThat(detach.getHandle().intValue()).isEqualTo(links - 1);
        Transfer rest = Amqp10Peer.transfer(0, 0);
        rest.setAborted(true);
        peer.sends(0, rest);
        rest = Amqp10Peer.transfer(1, 1);
        rest.setAborted(true);
        peer.sends(0, rest);
        peer.sends(0, Amqp10Peer.transfer(0, links), Messages.data("small"));
        assertThat(peer.awaits(Disposition.class).getState()).isInstanceOf(Accepted.class);
    }

    @Test
    void an_aborted_message_leaves_nothing() throws Exception {
        peer.attachesSender(0, "/queues/q");
        Transfer first = Amqp10Peer.transfer(0, 0);
        first.setMore(true);
        Transfer aborted = new Transfer();
        aborted.setHandle(UnsignedInteger.ZERO);
        aborted.setAborted(true);
        peer.sends(0, first, Arrays.copyOf(Messages.data("half"), 4)).sends(0, aborted);
        peer.sends(0, Amqp10Peer.transfer(0, 1), Messages.data("whole"));
        assertThat(peer.expects(Disposition.class).getFirst().intValue()).isEqualTo(1);
        assertThat(channel.messageCount("q")).isEqualTo(1);
    }

    @Test
    void credit_is_given_again_before_it_is_used_up() throws Exception {
        peer.attachesSender(0, "/queues/q");
        for (int i = 0; i < 1000; i++) {
            assertThat(peer.publishes(0, Messages.data("m"))).isInstanceOf(Accepted.class);
        }
    }

    @Test
    void more_than_the_credit_ends_the_link() throws Exception {
        broker.shortOfDisk(true);
        peer.sends(0, Amqp10Peer.sender(0, "/queues/q")).expects(Attach.class);
        peer.sendsMessage(0, Messages.data("too much"));
        detaches("amqp:link:transfer-limit-exceeded");
    }

    @Test
    void an_alarm_withholds_credit_until_it_is_over() throws Exception {
        broker.shortOfDisk(true);
        peer.sends(0, Amqp10Peer.sender(0, "/queues/q")).expects(Attach.class);
        broker.shortOfDisk(false);
        assertThat(peer.expects(Flow.class).getLinkCredit().intValue()).isPositive();
    }

    @Test
    void an_alarm_takes_credit_back_and_what_was_on_its_way_is_taken() throws Exception {
        peer.attachesSender(0, "/queues/q");
        broker.shortOfDisk(true);
        assertThat(peer.expects(Flow.class).getLinkCredit().intValue()).isZero();
        assertThat(peer.publishes(0, Messages.data("on its way"))).isInstanceOf(Accepted.class);
        broker.shortOfDisk(false);
        assertThat(peer.expects(Flow.class).getLinkCredit().intValue()).isPositive();
    }

    @Test
    void what_is_no_message_ends_the_link() throws Exception {
        peer.attachesSender(0, "/queues/q");
        peer.sendsMessage(0, (byte) 1, (byte) 2, (byte) 3);
        detaches("amqp:decode-error");
        peer.attachesSender(0, "/queues/q");
    }

    @Test
    void the_second_settle_mode_leaves_the_last_word_to_the_client() throws Exception {
        Attach attach = Amqp10Peer.sender(0, "/queues/q");
        attach.setRcvSettleMode(ReceiverSettleMode.SECOND);
        peer.sends(0, attach).expects(Attach.class);
        peer.expects(Flow.class);
        peer.sendsMessage(0, Messages.data("slowly"));
        Disposition outcome = peer.expects(Disposition.class);
        assertThat(outcome.getSettled()).isFalse();
        assertThat(outcome.getState()).isInstanceOf(Accepted.class);
    }

    // -- refusals

    @Test
    void a_queue_that_is_not_there_is_not_found() throws Exception {
        peer.sends(0, Amqp10Peer.sender(0, "/queues/none"));
        assertThat(peer.expects(Attach.class).getTarget()).isNull();
        detaches("amqp:not-found");
        peer.sends(0, Amqp10Peer.receiver(1, "/queues/none"));
        assertThat(peer.expects(Attach.class).getSource()).isNull();
        detaches("amqp:not-found");
    }

    @Test
    void an_exchange_that_is_not_there_is_not_found() throws Exception {
        peer.sends(0, Amqp10Peer.sender(0, "/exchanges/none/key")).expects(Attach.class);
        detaches("amqp:not-found");
    }

    @Test
    void an_address_of_another_form_is_refused() throws Exception {
        peer.sends(0, Amqp10Peer.sender(0, "/topic/t")).expects(Attach.class);
        detaches("amqp:invalid-field");
        peer.sends(0, Amqp10Peer.receiver(1, "/queues/%zz")).expects(Attach.class);
        detaches("amqp:invalid-field");
    }

    @Test
    void a_handle_in_use_ends_the_session() throws Exception {
        peer.attachesSender(0, "/queues/q");
        peer.sends(0, Amqp10Peer.receiver(0, "/queues/q"));
        assertThat((Object) peer.expects(End.class).getError().getCondition())
                .hasToString("amqp:session:handle-in-use");
    }

    @Test
    void a_link_of_the_same_name_takes_the_place_of_the_other() throws Exception {
        peer.attachesReceiver(0, "/queues/q", 1);
        Attach thief = Amqp10Peer.receiver(1, "/queues/q");
        thief.setName("receiver-0");
        peer.sends(0, thief);
        detaches("amqp:link:stolen");
        assertThat(peer.expects(Attach.class).getSource()).isNotNull();
        peer.grants(1, 0, 1, false);
        channel.basicPublish("", "q", null, "mine".getBytes(UTF_8));
        assertThat(hearsText()).endsWith("mine");
    }

    @Test
    void a_user_without_permissions_is_refused() throws Exception {
        broker.addUser("poor", "poor");
        try (Amqp10Peer poor = Amqp10Peer.connect(broker.port()).logsIn("poor", "poor")) {
            poor.opens(Amqp10Peer.open());
            assertThat((Object) poor.awaits(Close.class).getError().getCondition())
                    .hasToString("amqp:not-allowed");
        }
    }

    // -- receiving

    @Test
    void messages_come_as_the_credit_allows() throws Exception {
        for (int i = 0; i < 5; i++) {
            channel.basicPublish("", "q", null, ("m" + i).getBytes(UTF_8));
        }
        peer.attachesReceiver(0, "/queues/q", 2);
        assertThat(hearsText()).endsWith("m0");
        assertThat(hearsText()).endsWith("m1");
        peer.grants(0, 2, 1, false);
        assertThat(hearsText()).endsWith("m2");
        assertThat(channel.messageCount("q")).isEqualTo(2);
    }

    @Test
    void credit_that_finds_nothing_is_drained() throws Exception {
        channel.basicPublish("", "q", null, "only".getBytes(UTF_8));
        peer.attachesReceiver(0, "/queues/q", 0);
        peer.grants(0, 0, 10, true);
        assertThat(hearsText()).endsWith("only");
        Flow drained = peer.expects(Flow.class);
        assertThat(drained.getLinkCredit().intValue()).isZero();
        assertThat(drained.getDeliveryCount().intValue()).isEqualTo(10);
        channel.basicPublish("", "q", null, "later".getBytes(UTF_8));
        peer.grants(0, 10, 1, false);
        assertThat(hearsText()).endsWith("later");
    }

    private static boolean saysActive(Flow flow) {
        return (Boolean) flow.getProperties().get(Symbol.valueOf("rabbitmq:active"));
    }

    private static boolean hearsIfActive(Amqp10Peer client) throws Exception {
        return saysActive(client.awaits(Flow.class));
    }

    @Test
    void a_consumer_hears_whether_it_is_the_one_that_is_served() throws Exception {
        channel.queueDeclare("one", true, false, false, Map.of("x-single-active-consumer", true));
        peer.attachesReceiver(0, "/queues/one", 1);
        assertThat(hearsIfActive(peer)).isTrue();
        try (Amqp10Peer other = Amqp10Peer.connect(broker.port()).logsIn().begins()) {
            other.attachesReceiver(0, "/queues/one", 3);
            assertThat(hearsIfActive(other)).isFalse();
            peer.close();
            Flow promoted = other.awaits(Flow.class);
            assertThat(saysActive(promoted)).isTrue();
            assertThat(promoted.getHandle()).isEqualTo(UnsignedInteger.ZERO);
            assertThat(promoted.getLinkCredit().intValue()).isEqualTo(3);
        }
    }

    @Test
    void a_consumer_hears_that_it_yields_to_a_higher_priority() throws Exception {
        channel.queueDeclare(
                "one",
                true,
                false,
                false,
                Map.of("x-single-active-consumer", true, "x-queue-type", "quorum"));
        peer.attachesReceiver(0, "/queues/one", 1);
        assertThat(hearsIfActive(peer)).isTrue();
        Attach above = Amqp10Peer.receiver(1, "/queues/one");
        above.setProperties(Map.of(Symbol.valueOf("rabbitmq:priority"), 10));
        peer.sends(0, above).awaits(Attach.class);
        Flow waits = peer.awaits(Flow.class);
        assertThat(waits.getHandle()).isEqualTo(UnsignedInteger.ONE);
        assertThat(saysActive(waits)).isFalse();
        channel.basicPublish("", "one", null, "m".getBytes(UTF_8));
        Flow yields = peer.awaits(Flow.class);
        assertThat(yields.getHandle()).isEqualTo(UnsignedInteger.ZERO);
        assertThat(saysActive(yields)).isFalse();
        Flow serves = peer.awaits(Flow.class);
        assertThat(serves.getHandle()).isEqualTo(UnsignedInteger.ONE);
        assertThat(saysActive(serves)).isTrue();
    }

    @Test
    void a_message_keeps_its_octets() throws Exception {
        peer.attachesSender(0, "/queues/q").attachesReceiver(1, "/queues/q", 1);
        byte[] sent = Messages.to("/anywhere", "the bare message");
        peer.sendsMessage(0, sent);
        peer.awaits(Transfer.class);
        byte[] heard = peer.payload();
        assertThat(Arrays.copyOfRange(heard, heard.length - sent.length, heard.length))
                .isEqualTo(sent);
    }

    @Test
    void a_large_message_goes_out_in_frames_of_the_client_s_size() throws Exception {
        try (Amqp10Peer small = Amqp10Peer.connect(broker.port()).logsIn()) {
            Open open = Amqp10Peer.open();
            open.setMaxFrameSize(UnsignedInteger.valueOf(512));
            small.opens(open);
            small.sends(0, Amqp10Peer.newBegin()).awaits(Begin.class);
            small.attachesReceiver(0, "/queues/q", 1);
            String text = "0123456789".repeat(300);
            channel.basicPublish("", "q", null, text.getBytes(UTF_8));
            StringBuilder heard = new StringBuilder();
            Transfer frame;
            do {
                frame = small.expects(Transfer.class);
                heard.append(new String(small.payload(), UTF_8));
            } while (frame.getMore());
            assertThat(heard.toString()).endsWith(text);
        }
    }

    @Test
    void deliveries_wait_for_the_session_s_window() throws Exception {
        Flow none = new Flow();
        none.setNextIncomingId(UnsignedInteger.ZERO);
        none.setIncomingWindow(UnsignedInteger.ONE);
        none.setNextOutgoingId(UnsignedInteger.ZERO);
        none.setOutgoingWindow(UnsignedInteger.ONE);
        peer.sends(0, none);
        for (int i = 0; i < 10; i++) {
            channel.basicPublish("", "q", null, ("m" + i).getBytes(UTF_8));
        }
        peer.sends(0, Amqp10Peer.receiver(0, "/queues/q")).expects(Attach.class);
        none.setHandle(UnsignedInteger.ZERO);
        none.setDeliveryCount(UnsignedInteger.ZERO);
        none.setLinkCredit(UnsignedInteger.valueOf(100));
        peer.sends(0, none);
        assertThat(hearsText()).endsWith("m0");
        Flow echo = new Flow();
        echo.setNextIncomingId(UnsignedInteger.ONE);
        echo.setIncomingWindow(UnsignedInteger.ZERO);
        echo.setNextOutgoingId(UnsignedInteger.ZERO);
        echo.setOutgoingWindow(UnsignedInteger.ONE);
        echo.setEcho(true);
        peer.sends(0, echo).expects(Flow.class);
        echo.setIncomingWindow(UnsignedInteger.valueOf(100));
        peer.sends(0, echo);
        for (int i = 1; i < 10; i++) {
            assertThat(hearsText()).endsWith("m" + i);
        }
    }

    @Test
    void outcomes_settle_requeue_and_dead_letter() throws Exception {
        channel.queueDeclare("dead", false, false, true, Map.of());
        channel.queueDeclare(
                "work",
                true,
                false,
                false,
                Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "dead"));
        for (String text : new String[] {"accepted", "rejected", "released", "unwanted"}) {
            channel.basicPublish("", "work", null, text.getBytes(UTF_8));
        }
        peer.attachesReceiver(0, "/queues/work", 4);
        for (int i = 0; i < 4; i++) {
            peer.awaits(Transfer.class);
        }
        Modified undeliverable = new Modified();
        undeliverable.setUndeliverableHere(true);
        peer.settles(0, Accepted.getInstance())
                .settles(1, new Rejected())
                .settles(2, Released.getInstance())
                .settles(3, undeliverable);
        Eventually.eventually(() -> assertThat(channel.messageCount("dead")).isEqualTo(2));
        assertThat(channel.messageCount("work")).isEqualTo(1);
        GetResponse dead = channel.basicGet("dead", true);
        assertThat(dead.getBody()).asString().isEqualTo("rejected");
    }

    /** 1.0 §3.2.1: "the number of unsuccessful previous attempts to deliver this message". */
    @Test
    void failed_deliveries_are_counted_in_every_queue() throws Exception {
        channel.basicPublish("", "q", null, "again".getBytes(UTF_8));
        peer.attachesReceiver(0, "/queues/q", 3);
        Modified failed = new Modified();
        failed.setDeliveryFailed(true);
        assertThat(deliveryCount()).isZero();
        peer.settles(0, failed);
        assertThat(deliveryCount()).isOne();
        peer.settles(1, Released.getInstance());
        assertThat(deliveryCount()).isOne();
    }

    private long deliveryCount() throws Exception {
        peer.awaits(Transfer.class);
        Message message = Proton.message();
        message.decode(peer.payload(), 0, peer.payload().length);
        return message.getDeliveryCount();
    }

    @Test
    void an_outcome_that_is_not_settled_is_answered() throws Exception {
        channel.basicPublish("", "q", null, "slowly".getBytes(UTF_8));
        peer.attachesReceiver(0, "/queues/q", 1).awaits(Transfer.class);
        Disposition disposition = new Disposition();
        disposition.setRole(Role.RECEIVER);
        disposition.setFirst(UnsignedInteger.ZERO);
        disposition.setState(Accepted.getInstance());
        peer.sends(0, disposition);
        Disposition answer = peer.expects(Disposition.class);
        assertThat(answer.getRole()).isEqualTo(Role.SENDER);
        assertThat(answer.getSettled()).isTrue();
    }

    @Test
    void what_a_detached_link_had_goes_back() throws Exception {
        channel.basicPublish("", "q", null, "back".getBytes(UTF_8));
        peer.attachesReceiver(0, "/queues/q", 1).awaits(Transfer.class);
        Detach detach = new Detach();
        detach.setHandle(UnsignedInteger.ZERO);
        detach.setClosed(true);
        peer.sends(0, detach);
        assertThat(peer.expects(Detach.class).getError()).isNull();
        Eventually.eventually(() -> assertThat(channel.messageCount("q")).isEqualTo(1));
        assertThat(channel.basicGet("q", true).getEnvelope().isRedeliver()).isTrue();
    }

    @Test
    void a_deleted_queue_detaches_its_links() throws Exception {
        peer.attachesReceiver(0, "/queues/q", 1);
        channel.queueDelete("q");
        detaches("amqp:resource-deleted");
    }

    @Test
    void what_is_sent_to_a_deleted_queue_detaches_the_link() throws Exception {
        peer.attachesSender(0, "/queues/q");
        assertThat(peer.publishes(0, Messages.data("there"))).isInstanceOf(Accepted.class);
        channel.queueDelete("q");
        peer.sendsMessage(0, Messages.data("gone"));
        peer.sendsMessage(0, Messages.data("gone as well"));
        detaches("amqp:resource-deleted");
        channel.queueDeclare("q", true, false, false, Map.of());
        peer.attachesSender(1, "/queues/q");
        assertThat(peer.publishes(1, Messages.data("again"))).isInstanceOf(Accepted.class);
        assertThat(channel.messageCount("q")).isEqualTo(1);
    }

    @Test
    void a_dead_letter_tells_of_its_death_in_annotations() throws Exception {
        channel.queueDeclare("dead", false, false, true, Map.of());
        channel.queueDeclare(
                "work",
                true,
                false,
                false,
                Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "dead"));
        peer.attachesSender(0, "/queues/work");
        assertThat(peer.publishes(0, Messages.durable("dies"))).isInstanceOf(Accepted.class);
        peer.attachesReceiver(1, "/queues/work", 1).awaits(Transfer.class);
        peer.settles(0, new Rejected());
        Eventually.eventually(() -> assertThat(channel.messageCount("dead")).isEqualTo(1));
        peer.attachesReceiver(2, "/queues/dead", 1);
        assertThat(hearsText())
                .contains("x-opt-deaths", "x-first-death-queue", "work", "rejected")
                .endsWith("dies");
        peer.settles(1, Released.getInstance());
        Eventually.eventually(() -> assertThat(channel.messageCount("dead")).isEqualTo(1));
    }

    @Test
    void a_dynamic_source_is_a_queue_for_as_long_as_the_link() throws Exception {
        Attach attach = Amqp10Peer.receiver(0, "");
        Source dynamic = new Source();
        dynamic.setDynamic(true);
        attach.setSource(dynamic);
        peer.sends(0, attach);
        String address = ((Source) peer.expects(Attach.class).getSource()).getAddress();
        assertThat(address).startsWith("/queues/amq.gen-");
        peer.grants(0, 0, 1, false).attachesSender(1, address);
        peer.sendsMessage(1, Messages.data("reply"));
        assertThat(hearsText()).endsWith("reply");
        Detach detach = new Detach();
        detach.setHandle(UnsignedInteger.ZERO);
        detach.setClosed(true);
        peer.sends(0, detach).awaits(Detach.class);
        peer.sends(0, Amqp10Peer.receiver(2, address)).awaits(Attach.class);
        detaches("amqp:not-found");
    }

    @Test
    void a_dynamic_target_is_a_queue_to_send_to() throws Exception {
        Attach attach = Amqp10Peer.sender(0, null);
        Target dynamic = new Target();
        dynamic.setDynamic(true);
        attach.setTarget(dynamic);
        peer.sends(0, attach);
        String address = ((Target) peer.expects(Attach.class).getTarget()).getAddress();
        peer.expects(Flow.class);
        assertThat(peer.publishes(0, Messages.data("kept"))).isInstanceOf(Accepted.class);
        peer.attachesReceiver(1, address, 1);
        assertThat(hearsText()).endsWith("kept");
    }

    @Test
    void a_priority_of_the_link_is_the_consumer_s() throws Exception {
        Attach attach = Amqp10Peer.receiver(0, "/queues/q");
        attach.setProperties(Map.of(Symbol.valueOf("rabbitmq:priority"), 10));
        peer.sends(0, attach).expects(Attach.class);
        peer.attachesReceiver(1, "/queues/q", 10);
        peer.grants(0, 0, 10, false).grants(0, 0, 10, true);
        peer.expects(Flow.class); // drained: what was granted before has come to the queue
        peer.grants(0, 10, 10, false).grants(1, 0, 10, true);
        peer.expects(Flow.class);
        peer.grants(1, 10, 10, false);
        channel.basicPublish("", "q", null, "urgent".getBytes(UTF_8));
        assertThat(peer.awaits(Transfer.class).getHandle().intValue()).isZero();
    }

    @Test
    void both_protocols_see_each_other_s_messages() throws Exception {
        peer.attachesSender(0, "/queues/q");
        peer.publishes(0, Messages.durable("from 1.0"));
        GetResponse got = channel.basicGet("q", true);
        assertThat(got.getBody()).asString().isEqualTo("from 1.0");
        BasicProperties properties =
                new BasicProperties.Builder().messageId("id-1").contentType("text/plain").build();
        channel.basicPublish("", "q", properties, "from 0-9-1".getBytes(UTF_8));
        peer.attachesReceiver(1, "/queues/q", 1);
        assertThat(hearsText()).contains("id-1", "text/plain").endsWith("from 0-9-1");
    }

    // -- what is not right

    private void linkEnds(String condition, Transfer transfer, byte... message) throws Exception {
        peer.sends(0, transfer, message);
        detaches(condition);
    }

    @Test
    void a_message_has_at_least_one_section() throws Exception {
        peer.attachesSender(0, "q");
        linkEnds("amqp:not-implemented", Amqp10Peer.transfer(0, 0));
    }

    /** 1.0 §2.7.5: "If the negotiated link value is first, then it is illegal to set this to second". */
    @Test
    void a_transfer_is_not_settled_second_on_a_link_that_settles_first() throws Exception {
        peer.attachesSender(0, "q");
        Transfer transfer = Amqp10Peer.transfer(0, 0);
        transfer.setRcvSettleMode(ReceiverSettleMode.SECOND);
        linkEnds("amqp:invalid-field", transfer, Messages.data("m"));
    }

    @Test
    void a_transfer_may_be_settled_first_on_a_link_that_settles_second() throws Exception {
        Attach attach = Amqp10Peer.sender(0, "q");
        attach.setRcvSettleMode(ReceiverSettleMode.SECOND);
        peer.sends(0, attach).awaits(Flow.class);
        Transfer transfer = Amqp10Peer.transfer(0, 0);
        transfer.setRcvSettleMode(ReceiverSettleMode.FIRST);
        peer.sends(0, transfer, Messages.data("m"));
        assertThat(peer.expects(Disposition.class).getSettled()).isTrue();
        peer.sends(0, Amqp10Peer.transfer(0, 1), Messages.data("m"));
        assertThat(peer.expects(Disposition.class).getSettled()).isFalse();
    }

    @Test
    void a_delivery_keeps_its_format() throws Exception {
        peer.attachesSender(0, "q");
        Transfer begin = Amqp10Peer.transfer(0, 0);
        begin.setMore(true);
        peer.sends(0, begin, Messages.data("m"));
        Transfer rest = new Transfer();
        rest.setHandle(UnsignedInteger.ZERO);
        rest.setMessageFormat(UnsignedInteger.ONE);
        linkEnds("amqp:invalid-field", rest);
        assertThat(channel.messageCount("q")).isZero();
    }

    /** 1.0 §2.6.1: the names of links are those of a connection's two containers. */
    @Test
    void a_link_of_the_same_name_is_stolen_from_another_session() throws Exception {
        peer.attachesSender(0, "q");
        peer.sends(1, Amqp10Peer.newBegin()).expects(Begin.class);
        peer.sends(1, Amqp10Peer.sender(0, "q"));
        detaches("amqp:link:stolen");
        peer.expects(Attach.class);
    }

    /** "The receiver MUST ignore resumed deliveries that are not in its local unsettled map." */
    @Test
    void a_delivery_that_is_resumed_and_not_known_is_ignored() throws Exception {
        Attach attach = Amqp10Peer.sender(0, "/queues/q");
        Map<Binary, Object> unsettled = new HashMap<>();
        unsettled.put(new Binary(new byte[] {9}), null);
        attach.setUnsettled(unsettled);
        peer.sends(0, attach);
        assertThat((Object) peer.expects(Attach.class).getUnsettled()).isEqualTo(Map.of());
        Transfer first = Amqp10Peer.transfer(0, 0);
        first.setResume(true);
        first.setMore(true);
        peer.sends(0, first, Messages.durable("again"));
        peer.sends(0, Amqp10Peer.transfer(0, 0), Messages.durable("again"));
        Transfer second = Amqp10Peer.transfer(0, 1);
        second.setResume(true);
        second.setMore(true);
        peer.sends(0, second, Messages.durable("again"));
        second.setMore(false);
        second.setAborted(true);
        peer.sends(0, second);
        peer.sends(0, Amqp10Peer.transfer(0, 2), Messages.durable("new"));
        Disposition told = peer.awaits(Disposition.class);
        assertThat(told.getFirst().intValue()).isEqualTo(2);
        assertThat(told.getState()).isInstanceOf(Accepted.class);
        assertThat(channel.messageCount("q")).isEqualTo(1);
    }

    /** 1.0 §2.6.13: nothing is kept of a link that was detached, so nothing is unsettled. */
    @Test
    void a_link_that_is_resumed_has_no_unsettled_deliveries() throws Exception {
        Attach attach = Amqp10Peer.receiver(0, "q");
        attach.setUnsettled(Map.of(new Binary(new byte[] {1}), Accepted.getInstance()));
        peer.sends(0, attach);
        assertThat((Object) peer.expects(Attach.class).getUnsettled()).isEqualTo(Map.of());
    }

    private static Attach dynamic() {
        Attach attach = Amqp10Peer.receiver(0, "");
        Source source = new Source();
        source.setDynamic(true);
        attach.setSource(source);
        return attach;
    }

    private String attachesDynamic() throws Exception {
        peer.sends(0, dynamic());
        return ((Source) peer.expects(Attach.class).getSource()).getAddress();
    }

    private void detaches(boolean closed) throws Exception {
        Detach detach = new Detach();
        detach.setHandle(UnsignedInteger.ZERO);
        detach.setClosed(closed);
        peer.sends(0, detach).expects(Detach.class);
    }

    /** 1.0 §3.5.10: "when the link which caused its creation ceases to exist", not when suspended. */
    @Test
    void a_dynamic_node_ends_with_its_link_and_not_while_that_is_suspended() throws Exception {
        String address = attachesDynamic();
        detaches(false);
        peer.attachesSender(1, address);
        assertThat(attachesDynamic()).isEqualTo(address);
        detaches(true);
        peer.sends(0, Amqp10Peer.sender(2, address));
        detaches("amqp:not-found");
    }

    @Test
    void a_session_keeps_only_so_many_dynamic_nodes_of_suspended_links() throws Exception {
        for (int i = 0; i < 260; i++) {
            Attach attach = Amqp10Peer.sender(0, null);
            attach.setName("dynamic" + i);
            Target target = new Target();
            target.setDynamic(true);
            attach.setTarget(target);
            peer.sends(0, attach).awaits(Attach.class);
            Detach detach = new Detach();
            detach.setHandle(UnsignedInteger.ZERO);
            peer.sends(0, detach).awaits(Detach.class);
        }
        Eventually.eventually(() ->
                assertThat(
                                broker.broker().vhosts().existing("/").queues().stream()
                                        .filter(queue -> queue.name().startsWith("amq.gen")))
                        .hasSize(256));
    }

    @Test
    void a_dynamic_node_of_a_suspended_link_ends_with_the_session() throws Exception {
        String address = attachesDynamic();
        detaches(false);
        peer.sends(0, new End()).expects(End.class);
        peer.sends(0, Amqp10Peer.newBegin()).expects(Begin.class);
        peer.sends(0, Amqp10Peer.sender(2, address));
        detaches("amqp:not-found");
    }

    /** AMQP Bindings and Mappings for JMS §4.3; RabbitMQ makes no other dynamic nodes. */
    @Test
    void a_temporary_queue_is_for_its_connection() throws Exception {
        Attach attach = dynamic();
        ((Source) attach.getSource()).setCapabilities(Symbol.valueOf("temporary-queue"));
        peer.sends(0, attach);
        String address = ((Source) peer.expects(Attach.class).getSource()).getAddress();
        try (Amqp10Peer other = Amqp10Peer.connect(broker.port()).logsIn().begins()) {
            other.attachesSender(0, address);
            other.sends(0, Amqp10Peer.receiver(1, address)).expects(Attach.class);
            assertThat((Object) other.expects(Detach.class).getError().getCondition())
                    .hasToString("amqp:resource-locked");
        }
    }

    @Test
    void a_dynamic_node_is_there_for_other_connections() throws Exception {
        String address = attachesDynamic();
        try (Amqp10Peer other = Amqp10Peer.connect(broker.port()).logsIn().begins()) {
            other.attachesReceiver(0, address, 1);
        }
    }

    /** 1.0 §3.5.9. */
    @Test
    void what_is_asked_of_a_dynamic_node_has_its_types() throws Exception {
        Attach attach = Amqp10Peer.receiver(0, "");
        Source source = new Source();
        source.setDynamic(true);
        source.setDynamicNodeProperties(Map.of(Symbol.valueOf("lifetime-policy"), 7));
        attach.setSource(source);
        peer.sends(0, attach);
        detaches("amqp:invalid-field");
    }

    @Test
    void close_is_answered_before_anything_is_said_of_its_links() throws Exception {
        Attach attach = Amqp10Peer.sender(0, null);
        Target dynamic = new Target();
        dynamic.setDynamic(true);
        attach.setTarget(dynamic);
        peer.sends(0, attach);
        String queue = ((Target) peer.expects(Attach.class).getTarget()).getAddress();
        peer.expects(Flow.class);
        peer.attachesReceiver(1, queue, 1);
        peer.sends(0, new Close());
        assertThat(peer.expects(Close.class).getError()).isNull();
    }
}
