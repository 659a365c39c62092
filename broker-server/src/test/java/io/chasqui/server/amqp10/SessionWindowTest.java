package io.chasqui.server.amqp10;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import io.chasqui.server.testing.Amqp10Peer;
import io.chasqui.server.testing.Eventually;
import io.chasqui.server.testing.RunningBroker;
import java.util.Map;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.Begin;
import org.apache.qpid.proton.amqp.transport.Detach;
import org.apache.qpid.proton.amqp.transport.Disposition;
import org.apache.qpid.proton.amqp.transport.Flow;
import org.apache.qpid.proton.amqp.transport.Open;
import org.apache.qpid.proton.amqp.transport.Transfer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** 1.0 §2.5.6: a session says how many transfer frames it takes, whatever links they are of. */
class SessionWindowTest {

    /** A message of so many octets takes five frames of the smallest size. */
    private static final int FIVE_FRAMES = 2000;

    private RunningBroker broker;
    private Channel channel;
    private Amqp10Peer peer;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        channel = broker.connect().createChannel();
        channel.queueDeclare("q", true, false, false, Map.of());
        peer = Amqp10Peer.connect(broker.port()).logsIn();
        Open open = Amqp10Peer.open();
        open.setMaxFrameSize(UnsignedInteger.valueOf(512));
        peer.opens(open);
    }

    @AfterEach
    void stop() throws Exception {
        peer.close();
        broker.close();
    }

    private void begins(int window) throws Exception {
        Begin begin = Amqp10Peer.newBegin();
        begin.setIncomingWindow(UnsignedInteger.valueOf(window));
        peer.sends(0, begin).expects(Begin.class);
    }

    private void attaches(int handle, String queue) throws Exception {
        peer.sends(0, Amqp10Peer.receiver(handle, queue)).expects(Attach.class);
    }

    /** The session's state, with so many frames heard and so many more to come. */
    private Flow window(int heard, int more) {
        Flow flow = peer.newFlow(0);
        flow.setNextIncomingId(UnsignedInteger.valueOf(heard));
        flow.setIncomingWindow(UnsignedInteger.valueOf(more));
        return flow;
    }

    /** The same, with credit for a link. */
    private static Flow withCredit(Flow flow, int handle, int credit) {
        flow.setHandle(UnsignedInteger.valueOf(handle));
        flow.setDeliveryCount(UnsignedInteger.ZERO);
        flow.setLinkCredit(UnsignedInteger.valueOf(credit));
        return flow;
    }

    private void hears(int frames, boolean moreToCome) throws Exception {
        for (int i = 1; i <= frames; i++) {
            assertThat(peer.expects(Transfer.class).getMore()).isEqualTo(moreToCome || i < frames);
        }
    }

    @Test
    void a_message_larger_than_the_window_goes_out_as_far_as_that_allows() throws Exception {
        begins(2);
        channel.basicPublish("", "q", null, new byte[FIVE_FRAMES]);
        attaches(0, "q");
        peer.sends(0, withCredit(window(0, 2), 0, 1));
        hears(2, true);
        peer.sends(0, window(2, 2));
        hears(2, true);
        peer.sends(0, window(4, 2));
        hears(1, false);
    }

    @Test
    void what_waits_for_the_window_goes_with_its_link() throws Exception {
        begins(1);
        channel.queueDeclare("other", true, false, false, Map.of());
        channel.basicPublish("", "q", null, new byte[FIVE_FRAMES]);
        channel.basicPublish("", "other", null, "next".getBytes(UTF_8));
        attaches(0, "q");
        peer.sends(0, withCredit(window(0, 1), 0, 1));
        hears(1, true);
        Detach detach = new Detach();
        detach.setHandle(UnsignedInteger.ZERO);
        detach.setClosed(true);
        peer.sends(0, detach).expects(Detach.class);
        attaches(0, "other");
        peer.sends(0, withCredit(window(1, 100), 0, 1));
        hears(1, false);
        assertThat(new String(peer.payload(), UTF_8)).endsWith("next");
        Eventually.eventually(() -> assertThat(channel.messageCount("q")).isEqualTo(1));
    }

    @Test
    void a_client_that_asks_often_meanwhile_is_answered_once() throws Exception {
        begins(1);
        channel.basicPublish("", "q", null, new byte[FIVE_FRAMES]);
        attaches(0, "q");
        peer.sends(0, withCredit(window(0, 1), 0, 10));
        hears(1, true);
        Flow echo = withCredit(window(1, 0), 0, 10);
        echo.setEcho(true);
        for (int i = 0; i < 100; i++) {
            peer.sends(0, echo);
        }
        peer.sends(0, window(1, 100));
        hears(4, false);
        assertThat(peer.expects(Flow.class).getLinkCredit()).isEqualTo(UnsignedInteger.valueOf(9));
        channel.basicPublish("", "q", null, new byte[1]);
        hears(1, false);
    }

    @Test
    void ids_and_counts_go_round() throws Exception {
        Begin begin = Amqp10Peer.newBegin();
        begin.setNextOutgoingId(UnsignedInteger.valueOf(-2));
        peer.sends(0, begin).expects(Begin.class);
        Attach attach = Amqp10Peer.sender(0, "q");
        attach.setInitialDeliveryCount(UnsignedInteger.valueOf(-3));
        peer.sends(0, attach).expects(Attach.class);
        assertThat(peer.expects(Flow.class).getNextIncomingId().intValue()).isEqualTo(-2);
        for (int id = -2; id < 3; id++) {
            Transfer transfer = Amqp10Peer.transfer(0, 0);
            transfer.setDeliveryId(UnsignedInteger.valueOf(id));
            peer.sends(0, transfer, Messages.durable("m" + id));
        }
        int next = -2;
        while (next < 3) {
            Disposition told = peer.expects(Disposition.class);
            assertThat(told.getFirst().intValue()).isEqualTo(next);
            assertThat(told.getState()).isInstanceOf(Accepted.class);
            next = (told.getLast() == null ? told.getFirst() : told.getLast()).intValue() + 1;
        }
        Flow echo = window(0, 10);
        echo.setNextOutgoingId(UnsignedInteger.valueOf(3));
        echo.setHandle(UnsignedInteger.ZERO);
        echo.setEcho(true);
        Flow state = peer.sends(0, echo).expects(Flow.class);
        assertThat(state.getNextIncomingId().intValue()).isEqualTo(3);
        assertThat(state.getDeliveryCount().intValue()).isEqualTo(2);
        assertThat(channel.messageCount("q")).isEqualTo(5);
    }

    @Test
    void a_drain_is_answered_behind_what_waits_for_the_window() throws Exception {
        begins(1);
        channel.basicPublish("", "q", null, new byte[FIVE_FRAMES]);
        attaches(0, "q");
        Flow drain = withCredit(window(0, 1), 0, 10);
        drain.setDrain(true);
        peer.sends(0, drain);
        hears(1, true);
        peer.sends(0, window(1, 100));
        hears(4, false);
        Flow drained = peer.expects(Flow.class);
        assertThat(drained.getLinkCredit()).isEqualTo(UnsignedInteger.ZERO);
        assertThat(drained.getDeliveryCount()).isEqualTo(UnsignedInteger.valueOf(10));
    }
}
