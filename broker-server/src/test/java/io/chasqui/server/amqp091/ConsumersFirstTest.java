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
import org.junit.jupiter.params.ParameterizedTest;
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
        publishesAnd(peer, "q", messages, question);
    }

    private static void publishesAnd(ScriptedPeer peer, String queue, int messages, Method question)
            throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (int i = 0; i < messages; i++) {
            octets.write(ScriptedPeer.frame(1, new BasicMethod.Publish("", queue, false, false)));
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

    /** Several queues, so that some live on other event loops than the consumer's connection. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cancel_is_answered_behind_what_came_for_the_consumer(boolean autoAck) throws Exception {
        for (int i = 0; i < 6; i++) {
            String queue = "cancel" + i;
            consumes(queue, autoAck, FieldTable.EMPTY);
            publishesAnd(peer, queue, 5, new BasicMethod.Cancel("c", false));
            for (int message = 0; message < 5; message++) {
                peer.expects(1, BasicMethod.Deliver.class);
                peer.hears();
                peer.hears();
            }
            peer.expects(1, BasicMethod.CancelOk.class);
            peer.sends(1, new BasicMethod.Get(queue, true));
            peer.expects(1, BasicMethod.GetEmpty.class);
        }
    }

    @Test
    void a_quorum_queue_keeps_what_came_before_the_cancel() throws Exception {
        consumes("cancel", false, FieldTable.of("x-queue-type", "quorum"));
        publishesAnd(peer, "cancel", 2, new BasicMethod.Cancel("c", false));
        peer.expects(1, BasicMethod.CancelOk.class);
        peer.sends(1, new BasicMethod.Get("cancel", true));
        assertThat(peer.expects(1, BasicMethod.GetOk.class).messageCount()).isEqualTo(1);
    }

    @Test
    void cancel_leaves_what_the_consumer_had_no_room_for() throws Exception {
        peer.sends(1, new BasicMethod.Qos(0, 1, false));
        peer.expects(1, BasicMethod.QosOk.class);
        consumes("cancel", false, FieldTable.EMPTY);
        publishesAnd(peer, "cancel", 3, new BasicMethod.Cancel("c", false));
        peer.expects(1, BasicMethod.Deliver.class);
        peer.hears();
        peer.hears();
        peer.expects(1, BasicMethod.CancelOk.class);
        peer.sends(1, new BasicMethod.Get("cancel", true));
        assertThat(peer.expects(1, BasicMethod.GetOk.class).messageCount()).isEqualTo(1);
    }

    /** The publishing peer is the consumer. */
    private void consumes(String queue, boolean autoAck, FieldTable arguments) throws IOException {
        peer.sends(1, new QueueMethod.Declare(queue, false, true, false, false, false, arguments));
        peer.expects(1, QueueMethod.DeclareOk.class);
        peer.sends(
                1,
                new BasicMethod.Consume(
                        queue, "c", false, autoAck, false, false, FieldTable.EMPTY));
        peer.expects(1, BasicMethod.ConsumeOk.class);
    }
}
