package io.chasqui.server.amqp091;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.server.testing.RunningBroker;
import io.chasqui.server.testing.ScriptedPeer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A client closes its connection (0-9-1 §1.4.2.8): "After sending this method, any received methods
 * except Close and Close-OK MUST be discarded." RabbitMQ 4.3.6 leaves the socket to the client.
 */
class ClosingTest {

    private static final ConnectionMethod.Close BYE = new ConnectionMethod.Close(200, "bye", 0, 0);

    private RunningBroker broker;
    private ScriptedPeer peer;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        peer = broker.peer();
    }

    @AfterEach
    void stop() throws Exception {
        peer.close();
        broker.close();
    }

    @Test
    void the_socket_is_closed_when_the_client_has_closed_it() throws Exception {
        peer.opens();
        peer.sends(0, BYE);
        peer.expects(0, ConnectionMethod.CloseOk.class);
        peer.endsOutput();
        assertThat(peer.hearsToTheEnd()).isEmpty();
    }

    @Test
    void every_close_is_answered_and_all_else_is_ignored() throws Exception {
        peer.opens().opensChannel(1);
        peer.sends(0, BYE);
        peer.sends(1, new BasicMethod.Get("no such queue", true));
        peer.sends(0, BYE);
        peer.sends(0, BYE);
        for (int i = 0; i < 3; i++) {
            peer.expects(0, ConnectionMethod.CloseOk.class);
        }
        peer.endsOutput();
        assertThat(peer.hearsToTheEnd()).isEmpty();
    }

    @Test
    void a_close_that_crosses_the_brokers_is_answered_and_close_ok_ends_it() throws Exception {
        peer.opens();
        peer.sends(7, new BasicMethod.Get("q", true));
        peer.sends(0, BYE);
        assertThat(peer.expects(0, ConnectionMethod.Close.class).replyCode()).isEqualTo(504);
        peer.expects(0, ConnectionMethod.CloseOk.class);
        peer.sends(0, new ConnectionMethod.CloseOk());
        assertThat(peer.hearsToTheEnd()).isEmpty();
    }

    @Test
    void a_client_that_does_not_close_the_socket_is_not_waited_for_longer_than_10_seconds()
            throws Exception {
        peer.opens();
        peer.sends(0, BYE);
        peer.expects(0, ConnectionMethod.CloseOk.class);
        broker.clock().advance(Duration.ofSeconds(9));
        peer.sends(0, BYE);
        peer.expects(0, ConnectionMethod.CloseOk.class);
        broker.clock().advance(Duration.ofSeconds(2));
        peer.expectsEnd();
    }

    @Test
    void a_broker_that_stops_does_not_wait_for_it() throws Exception {
        peer.opens();
        peer.sends(0, BYE);
        peer.expects(0, ConnectionMethod.CloseOk.class);
        broker.stopServing();
        peer.expectsEnd();
    }
}
