package io.chasqui.server.amqp091;

import static io.chasqui.server.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.BasicProperties;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.server.testing.RunningBroker;
import io.chasqui.server.testing.ScriptedPeer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** 0-9-1 §4.2.7 heartbeats, RabbitMQ's connection.blocked, and the end of the broker. */
class KeepingAliveTest {

    private static final FieldTable CAN_BE_BLOCKED =
            FieldTable.of("capabilities", FieldTable.of("connection.blocked", true));

    private RunningBroker broker;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @Test
    void heartbeats_are_sent_when_nothing_else_is() throws Exception {
        try (ScriptedPeer peer = broker.peer().opens(20, FieldTable.EMPTY)) {
            eventually(() -> {
                peer.sendsFrame(Amqp091.FRAME_HEARTBEAT, 0);
                broker.clock().advance(Duration.ofSeconds(11));
                assertThat(peer.hasHeard()).isTrue();
            });
            ScriptedPeer.Heard heard = peer.hears();
            assertThat(heard.type()).isEqualTo(Amqp091.FRAME_HEARTBEAT);
            assertThat(heard.channel()).isZero();
            assertThat(heard.payload()).isEmpty();
        }
    }

    @Test
    void a_peer_silent_for_two_intervals_is_given_up() throws Exception {
        try (ScriptedPeer silent = broker.peer().opens(20, FieldTable.EMPTY);
                ScriptedPeer without = broker.peer().opens().opensChannel(1)) {
            eventually(() -> {
                broker.clock().advance(Duration.ofSeconds(30));
                assertThat(broker.connections()).isEqualTo(1);
            });
            silent.expectsEnd();
            without.opensChannel(2);
        }
    }

    @Test
    void publishers_are_blocked_and_told_while_something_is_short() throws Exception {
        try (ScriptedPeer publisher = broker.peer().opens(0, CAN_BE_BLOCKED).opensChannel(1);
                ScriptedPeer consumer = broker.peer().opens(0, CAN_BE_BLOCKED).opensChannel(1)) {
            broker.shortOfDisk(true);
            publisher.sends(1, new BasicMethod.Publish("", "nowhere", true, false));
            assertThat(publisher.expects(0, ConnectionMethod.Blocked.class).reason())
                    .isEqualTo("low on disk");
            publisher.sendsOctets(ScriptedPeer.header(1, 0, BasicProperties.EMPTY));
            consumer.opensChannel(2);
            broker.shortOfDisk(false);
            publisher.expects(0, ConnectionMethod.Unblocked.class);
            publisher.expects(1, BasicMethod.Return.class);
        }
    }

    @Test
    void a_publisher_that_cannot_be_told_is_still_blocked() throws Exception {
        try (ScriptedPeer publisher = broker.peer().opens().opensChannel(1)) {
            broker.shortOfDisk(true);
            publisher.sends(1, new BasicMethod.Publish("", "nowhere", true, false));
            publisher.sendsOctets(ScriptedPeer.header(1, 0, BasicProperties.EMPTY));
            broker.shortOfDisk(false);
            publisher.expects(1, BasicMethod.Return.class);
        }
    }

    @Test
    void a_broker_that_stops_says_so() throws Exception {
        try (ScriptedPeer peer = broker.peer().opens()) {
            Thread stopping = Thread.ofVirtual().start(broker::stopServing);
            peer.expectsConnectionClose(
                    320,
                    "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'");
            stopping.join();
        }
    }
}
