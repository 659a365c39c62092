package io.chasqui.server.amqp10;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import io.chasqui.server.testing.Amqp10Peer;
import io.chasqui.server.testing.Eventually;
import io.chasqui.server.testing.RunningBroker;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.messaging.Target;
import org.apache.qpid.proton.amqp.messaging.TerminusDurability;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.Detach;
import org.apache.qpid.proton.amqp.transport.Flow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * 1.0 §2.6.6: a client may detach before it has heard that it is attached. Some of what its link needs
 * is on other event loops, and not done by then.
 */
class EarlyDetachTest {

    /** Enough that some live on each event loop. */
    private static final int TIMES = 8;

    private RunningBroker broker;
    private Channel channel;
    private Amqp10Peer peer;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.withEventLoops(3);
        channel = broker.connect().createChannel();
        peer = Amqp10Peer.connect(broker.port()).logsIn().begins();
    }

    @AfterEach
    void stop() throws Exception {
        peer.close();
        broker.close();
    }

    private static Detach detach(int handle, boolean closed) {
        Detach detach = new Detach();
        detach.setHandle(UnsignedInteger.valueOf(handle));
        detach.setClosed(closed);
        return detach;
    }

    /** Sends frames that the broker reads at once. */
    private void sendsTogether(Object... bodies) throws Exception {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (Object body : bodies) {
            frames.writeBytes(Amqp10Peer.frame(0, body));
        }
        peer.sendsOctets(frames.toByteArray());
    }

    private int queues() {
        return broker.broker().vhosts().existing("/").queues().size();
    }

    private void noQueueIsLeft() throws Exception {
        Eventually.eventually(() -> assertThat(queues()).isZero());
    }

    @Test
    void a_consumer_hears_of_both() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            channel.queueDeclare("q" + i, true, false, false, Map.of());
            sendsTogether(Amqp10Peer.receiver(0, "q" + i), detach(0, true));
            peer.expects(Attach.class);
            assertThat(peer.expects(Detach.class).getError()).isNull();
        }
    }

    @Test
    void a_dynamic_target_leaves_no_queue() throws Exception {
        Attach attach = Amqp10Peer.sender(0, null);
        Target target = new Target();
        target.setDynamic(true);
        attach.setTarget(target);
        for (int i = 0; i < TIMES; i++) {
            sendsTogether(attach, detach(0, true));
            peer.expects(Attach.class);
            if (peer.hears() instanceof Flow) {
                peer.expects(Detach.class);
            }
        }
        peer.attachesSender(1, null);
        noQueueIsLeft();
    }

    @Test
    void a_dynamic_source_that_is_taken_up_again_is_one_queue() throws Exception {
        Attach attach = Amqp10Peer.receiver(0, "");
        Source source = new Source();
        source.setDynamic(true);
        attach.setSource(source);
        for (int i = 0; i < TIMES; i++) {
            sendsTogether(attach, detach(0, false), attach);
            peer.expects(Attach.class);
            peer.expects(Detach.class);
            Attach attached = peer.expects(Attach.class);
            assertThat(((Source) attached.getSource()).getAddress()).startsWith("/queues/");
            assertThat(queues()).isOne();
            peer.sends(0, detach(0, true)).expects(Detach.class);
            noQueueIsLeft();
        }
    }

    @Test
    void a_durable_subscription_that_is_closed_is_no_more() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            Attach attach = Amqp10Peer.receiver(0, "news");
            attach.setName("durable" + i);
            Source source = (Source) attach.getSource();
            source.setDurable(TerminusDurability.UNSETTLED_STATE);
            source.setCapabilities(Symbol.valueOf("topic"));
            sendsTogether(attach, detach(0, true));
            peer.expects(Attach.class);
            peer.expects(Detach.class);
            noQueueIsLeft();
        }
    }

    @Test
    void a_shared_subscription_that_nobody_has_is_no_more() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            Attach attach = Amqp10Peer.receiver(0, "news");
            attach.setName("shared" + i);
            Source source = (Source) attach.getSource();
            source.setCapabilities(Symbol.valueOf("topic"), Symbol.valueOf("shared"));
            sendsTogether(attach, detach(0, true));
            peer.expects(Attach.class);
            peer.expects(Detach.class);
            noQueueIsLeft();
        }
    }
}
