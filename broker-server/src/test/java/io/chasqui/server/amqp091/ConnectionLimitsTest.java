package io.chasqui.server.amqp091;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.LongString;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.server.testing.RunningBroker;
import io.chasqui.server.testing.ScriptedPeer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a broker can be told to hold its clients to, and to say of itself. */
class ConnectionLimitsTest {

    private static void logsIn(ScriptedPeer peer) throws Exception {
        peer.sendsHeader();
        peer.expects(0, ConnectionMethod.Start.class);
        peer.sends(0, ScriptedPeer.startOk("guest", "guest", FieldTable.EMPTY));
        peer.expects(0, ConnectionMethod.Tune.class);
        peer.sends(0, new ConnectionMethod.TuneOk(0, 0, 0));
    }

    @Test
    void one_connection_too_many_is_refused_and_those_that_end_make_room() throws Exception {
        try (RunningBroker broker = RunningBroker.with(Map.of("limits.connections", "2"))) {
            Connection first = broker.connect();
            try (ScriptedPeer elsewhere = broker.peer()) {
                logsIn(elsewhere);
                elsewhere.sends(0, new ConnectionMethod.Open("nosuch"));
                elsewhere.expectsConnectionClose(530, "vhost nosuch not found");
            }
            broker.connect();
            try (ScriptedPeer third = broker.peer()) {
                logsIn(third);
                third.sends(0, new ConnectionMethod.Open("/"));
                third.expectsConnectionClose(
                        530,
                        "NOT_ALLOWED - connection refused: node connection limit (2) is reached");
            }
            first.close();
            eventually(() -> {
                try (ScriptedPeer fourth = broker.peer()) {
                    fourth.opens();
                }
            });
        }
    }

    @Test
    void a_stranger_is_held_to_smaller_frames() throws Exception {
        try (RunningBroker broker =
                RunningBroker.with(Map.of("limits.initial-frame-max", "4KiB"))) {
            FieldTable bulky = FieldTable.of("x", "y".repeat(5000));
            try (ScriptedPeer peer = broker.peer()) {
                peer.sendsHeader();
                peer.expects(0, ConnectionMethod.Start.class);
                peer.sends(0, ScriptedPeer.startOk("guest", "guest", bulky));
                peer.expectsEnd();
            }
        }
    }

    @Test
    void the_broker_may_say_it_is_another() throws Exception {
        try (RunningBroker broker =
                RunningBroker.with(
                        Map.of(
                                "server.product", "RabbitMQ",
                                "server.version", "4.3.6",
                                "server.cluster-name", "rabbit@shop"))) {
            Map<String, Object> properties = broker.connect().getServerProperties();
            assertThat(text(properties, "product")).isEqualTo("RabbitMQ");
            assertThat(text(properties, "version")).isEqualTo("4.3.6");
            assertThat(text(properties, "cluster_name")).isEqualTo("rabbit@shop");
        }
        try (RunningBroker broker = RunningBroker.start()) {
            Map<String, Object> properties = broker.connect().getServerProperties();
            assertThat(text(properties, "product")).isEqualTo("Chasqui");
            assertThat(text(properties, "cluster_name")).startsWith("chasqui@");
        }
    }

    private static String text(Map<String, Object> properties, String name) {
        return new String(((LongString) properties.get(name)).getBytes(), US_ASCII);
    }

    @Test
    void publishers_wait_while_memory_is_short() throws Exception {
        // Less than the broker's own buffers take, so it is short from the first look on.
        try (RunningBroker broker = RunningBroker.with(Map.of("memory.high-watermark", "16MiB"))) {
            eventually(() -> assertThat(broker.broker().alarms().publishersBlocked()).isTrue());
            assertThat(broker.broker().alarms().reason()).isEqualTo("low on memory");
            Channel channel = broker.connect().createChannel();
            channel.queueDeclare("q", false, false, false, null);
            assertThat(channel.basicGet("q", true)).isNull();
        }
    }
}
