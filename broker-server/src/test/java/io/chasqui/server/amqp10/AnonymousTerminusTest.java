package io.chasqui.server.amqp10;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.server.testing.Amqp10Peer;
import io.chasqui.server.testing.RunningBroker;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.messaging.Released;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.Detach;
import org.apache.qpid.proton.amqp.transport.Disposition;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;
import org.apache.qpid.proton.amqp.transport.Flow;
import org.apache.qpid.proton.amqp.transport.Transfer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** AMQP Using the Anonymous Terminus for Message Routing 1.0, §2.2.2: messages without a way. */
class AnonymousTerminusTest {

    private static final Binary TAG = new Binary("tag".getBytes(UTF_8));

    private RunningBroker broker;
    private Amqp10Peer peer;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        peer = Amqp10Peer.connect(broker.port()).logsIn().begins();
    }

    @AfterEach
    void stop() throws Exception {
        peer.close();
        broker.close();
    }

    private void attaches(Symbol... outcomes) throws Exception {
        Attach attach = Amqp10Peer.sender(0, null);
        Source source = new Source();
        source.setOutcomes(outcomes);
        attach.setSource(source);
        peer.sends(0, attach).expects(Attach.class);
        peer.expects(Flow.class);
    }

    private void sends(String to, boolean settled) throws Exception {
        Transfer transfer = Amqp10Peer.transfer(0, 0);
        transfer.setDeliveryTag(TAG);
        transfer.setSettled(settled);
        peer.sends(0, transfer, Messages.to(to, "?"));
    }

    private static void isNotFound(ErrorCondition error) {
        assertThat((Object) error.getCondition()).hasToString("amqp:not-found");
        assertThat(error.getInfo().get(Symbol.valueOf("delivery-tag"))).isEqualTo(TAG);
    }

    @Test
    void who_knows_rejected_hears_it() throws Exception {
        attaches(Accepted.DESCRIPTOR_SYMBOL, Rejected.DESCRIPTOR_SYMBOL);
        sends("nobody", false);
        isNotFound(((Rejected) peer.expects(Disposition.class).getState()).getError());
    }

    @Test
    void who_does_not_know_rejected_loses_the_link() throws Exception {
        attaches(Accepted.DESCRIPTOR_SYMBOL);
        sends("nobody", false);
        isNotFound(peer.expects(Detach.class).getError());
    }

    @Test
    void who_settled_already_loses_the_link() throws Exception {
        attaches();
        sends("/exchanges/nothing/key", true);
        isNotFound(peer.expects(Detach.class).getError());
    }

    /** As with RabbitMQ, whose addresses these are: the default exchange has no queue of the name. */
    @Test
    void an_address_of_a_queue_that_is_not_there_is_a_key_without_a_queue() throws Exception {
        attaches();
        sends("/queues/nobody", false);
        assertThat(peer.expects(Disposition.class).getState()).isInstanceOf(Released.class);
    }
}
