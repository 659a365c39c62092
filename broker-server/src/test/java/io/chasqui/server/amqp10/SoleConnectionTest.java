package io.chasqui.server.amqp10;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.server.testing.Amqp10Peer;
import io.chasqui.server.testing.RunningBroker;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.transport.Close;
import org.apache.qpid.proton.amqp.transport.Open;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** AMQP Enforcing Connection Uniqueness 1.0: containers that insist on one connection. */
class SoleConnectionTest {

    private static final Symbol CAPABILITY = Symbol.valueOf("sole-connection-for-container");
    private static final Symbol POLICY = Symbol.valueOf("sole-connection-enforcement-policy");
    private static final int REFUSE = 0;
    private static final int CLOSE_EXISTING = 1;

    private RunningBroker broker;
    private Amqp10Peer first;
    private Amqp10Peer second;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        first = Amqp10Peer.connect(broker.port()).logsIn();
        second = Amqp10Peer.connect(broker.port()).logsIn();
    }

    @AfterEach
    void stop() throws Exception {
        first.close();
        second.close();
        broker.close();
    }

    private static Open sole(int policy) {
        Open open = Amqp10Peer.open();
        open.setDesiredCapabilities(CAPABILITY);
        Map<Symbol, Object> properties = new LinkedHashMap<>();
        properties.put(POLICY, UnsignedInteger.valueOf(policy));
        open.setProperties(properties);
        return open;
    }

    private static void isRefused(Amqp10Peer peer) throws Exception {
        Map<?, ?> told = peer.expects(Open.class).getProperties();
        assertThat(told.get(Symbol.valueOf("amqp:connection-establishment-failed")))
                .isEqualTo(true);
        Close close = peer.expects(Close.class);
        assertThat((Object) close.getError().getCondition()).hasToString("amqp:invalid-field");
        assertThat((Object) close.getError().getInfo())
                .isEqualTo(Map.of(Symbol.valueOf("invalid-field"), Symbol.valueOf("container-id")));
    }

    private static void isReplaced(Amqp10Peer peer) throws Exception {
        Close close = peer.expects(Close.class);
        assertThat((Object) close.getError().getCondition()).hasToString("amqp:resource-locked");
        assertThat((Object) close.getError().getInfo())
                .isEqualTo(Map.of(Symbol.valueOf("sole-connection-enforcement"), true));
    }

    @Test
    void a_second_connection_is_refused() throws Exception {
        Open answer = first.opens(sole(REFUSE));
        assertThat(answer.getOfferedCapabilities()).contains(CAPABILITY);
        assertThat(answer.getProperties().get(POLICY)).isEqualTo(UnsignedInteger.ZERO);
        second.sends(0, sole(CLOSE_EXISTING));
        isRefused(second);
    }

    @Test
    void a_second_connection_takes_the_place_of_the_first() throws Exception {
        first.opens(sole(CLOSE_EXISTING));
        second.opens(sole(REFUSE));
        isReplaced(first);
    }

    @Test
    void connections_that_do_not_insist_count_too() throws Exception {
        first.opens(Amqp10Peer.open());
        second.sends(0, sole(REFUSE));
        isRefused(second);
    }

    @Test
    void a_connection_that_insists_keeps_others_away() throws Exception {
        first.opens(sole(REFUSE));
        second.sends(0, Amqp10Peer.open());
        isRefused(second);
    }

    @Test
    void who_does_not_insist_may_have_several() throws Exception {
        first.opens(Amqp10Peer.open());
        second.opens(Amqp10Peer.open());
    }

    @Test
    void who_desires_it_without_a_policy_does_not_insist() throws Exception {
        Open open = Amqp10Peer.open();
        open.setDesiredCapabilities(CAPABILITY);
        assertThat(first.opens(open).getProperties().containsKey(POLICY)).isFalse();
        second.opens(open);
    }

    @Test
    void a_place_is_free_again_after_close() throws Exception {
        first.opens(sole(REFUSE));
        first.sends(0, new Close()).expects(Close.class);
        second.opens(sole(REFUSE));
    }

    @Test
    void containers_are_told_apart() throws Exception {
        Open other = sole(REFUSE);
        other.setContainerId("another");
        first.opens(sole(REFUSE));
        second.opens(other);
    }
}
