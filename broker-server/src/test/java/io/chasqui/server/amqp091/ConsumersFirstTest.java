package io.chasqui.server.amqp091;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.BasicProperties;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.Method;
import io.chasqui.protocol.amqp091.QueueMethod;
import io.chasqui.server.testing.RunningBroker;
import io.chasqui.server.testing.ScriptedPeer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A message that a waiting consumer can take is that consumer's, whatever else is asked of the queue in
 * the same breath: publish and question come in one packet here.
 */
@ParameterizedClass
@ValueSource(ints = {1, 3})
class ConsumersFirstTest {

    private final int eventLoops;
    private RunningBroker broker;
    private ScriptedPeer consumer;
    private ScriptedPeer peer;

    ConsumersFirstTest(int eventLoops) {
        this.eventLoops = eventLoops;
    }

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.withEventLoops(eventLoops);
        consumer = broker.peer().opens().opensChannel(1);
        peer = broker.peer().opens().opensChannel(1);
        consumer.sends(1, declare(false));
        consumer.expects(1, QueueMethod.DeclareOk.class);
        consumer.sends(1, new BasicMethod.Qos(0, 2, false));
        consumer.expects(1, BasicMethod.QosOk.class);
        consumer.sends(
                1, new BasicMethod.Consume("q", "c", false, false, false, false, FieldTable.EMPTY));
        consumer.expects(1, BasicMethod.ConsumeOk.class);
    }

    @AfterEach
    void stop() throws Exception {
        consumer.close();
        peer.close();
        broker.close();
    }

    private static QueueMethod.Declare declare(boolean passive) {
        return new QueueMethod.Declare("q", passive, false, false, false, false, FieldTable.EMPTY);
    }

    private void publishesAnd(int messages, Method question) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (int i = 0; i < messages; i++) {
            octets.write(ScriptedPeer.frame(1, new BasicMethod.Publish("", "q", false, false)));
            octets.write(ScriptedPeer.header(1, 1, BasicProperties.EMPTY));
            octets.write(ScriptedPeer.frame(3, 1, "x".getBytes(UTF_8)));
        }
        octets.write(ScriptedPeer.frame(1, question));
        peer.sendsOctets(octets.toByteArray());
    }

    @Test
    void get_finds_only_what_no_consumer_can_take() throws Exception {
        publishesAnd(2, new BasicMethod.Get("q", true));
        peer.expects(1, BasicMethod.GetEmpty.class);
        publishesAnd(1, new BasicMethod.Get("q", true));
        assertThat(peer.expects(1, BasicMethod.GetOk.class).messageCount()).isZero();
    }

    @Test
    void declare_counts_only_what_no_consumer_can_take() throws Exception {
        publishesAnd(3, declare(true));
        assertThat(peer.expects(1, QueueMethod.DeclareOk.class).messageCount()).isEqualTo(1);
    }

    @Test
    void purge_drops_only_what_no_consumer_can_take() throws Exception {
        publishesAnd(3, new QueueMethod.Purge("q", false));
        assertThat(peer.expects(1, QueueMethod.PurgeOk.class).messageCount()).isEqualTo(1);
        consumer.expects(1, BasicMethod.Deliver.class);
    }

    @Test
    void delete_if_empty_finds_empty_what_consumers_took() throws Exception {
        publishesAnd(2, new QueueMethod.Delete("q", false, true, false));
        assertThat(peer.expects(1, QueueMethod.DeleteOk.class).messageCount()).isZero();
    }
}
