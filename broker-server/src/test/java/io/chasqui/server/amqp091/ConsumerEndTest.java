package io.chasqui.server.amqp091;

import static io.chasqui.server.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.ChannelMethod;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.QueueMethod;
import io.chasqui.server.testing.RunningBroker;
import io.chasqui.server.testing.ScriptedPeer;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** How consumers end, by their client or by the broker, and who may be a queue's only one. */
@ParameterizedClass
@ValueSource(ints = {1, 3})
class ConsumerEndTest {

    private static final FieldTable CAN_BE_TOLD =
            FieldTable.of("capabilities", FieldTable.of("consumer_cancel_notify", true));

    private final int eventLoops;
    private RunningBroker broker;
    private ScriptedPeer owner;

    ConsumerEndTest(int eventLoops) {
        this.eventLoops = eventLoops;
    }

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.withEventLoops(eventLoops);
        owner = broker.peer().opens().opensChannel(1);
        declare(owner, "q");
    }

    @AfterEach
    void stop() throws Exception {
        owner.close();
        broker.close();
    }

    private static void declare(ScriptedPeer peer, String queue) throws IOException {
        peer.sends(
                1,
                new QueueMethod.Declare(
                        queue, false, false, false, false, false, FieldTable.EMPTY));
        peer.expects(1, QueueMethod.DeclareOk.class);
    }

    private static void delete(ScriptedPeer peer, String queue) throws IOException {
        peer.sends(1, new QueueMethod.Delete(queue, false, false, false));
        peer.expects(1, QueueMethod.DeleteOk.class);
    }

    private static ScriptedPeer asks(ScriptedPeer peer, String tag, boolean exclusive)
            throws IOException {
        return peer.sends(
                1,
                new BasicMethod.Consume(
                        "q", tag, false, false, exclusive, false, FieldTable.EMPTY));
    }

    private static void consumes(ScriptedPeer peer, String tag, boolean exclusive)
            throws IOException {
        asks(peer, tag, exclusive).expects(1, BasicMethod.ConsumeOk.class);
    }

    private ScriptedPeer consumer(FieldTable client) throws IOException {
        ScriptedPeer peer = broker.peer().opens(0, client).opensChannel(1);
        consumes(peer, "c", false);
        return peer;
    }

    @Test
    void a_consumer_is_told_that_its_queue_was_deleted() throws Exception {
        try (ScriptedPeer peer = consumer(CAN_BE_TOLD)) {
            delete(owner, "q");
            assertThat(peer.expects(1, BasicMethod.Cancel.class))
                    .isEqualTo(new BasicMethod.Cancel("c", true));
        }
    }

    @Test
    void one_that_cannot_be_told_is_not() throws Exception {
        try (ScriptedPeer peer = consumer(FieldTable.EMPTY)) {
            delete(owner, "q");
            peer.opensChannel(2);
        }
    }

    @Test
    void who_deletes_its_own_consumers_queue_hears_of_the_deletion_first() throws Exception {
        try (ScriptedPeer peer = consumer(CAN_BE_TOLD)) {
            delete(peer, "q");
            peer.expects(1, BasicMethod.Cancel.class);
        }
    }

    @Test
    void a_tag_is_free_again_when_the_consumer_ended_either_way() throws Exception {
        try (ScriptedPeer peer = consumer(CAN_BE_TOLD)) {
            peer.sends(1, new BasicMethod.Cancel("c", false));
            peer.expects(1, BasicMethod.CancelOk.class);
            consumes(peer, "c", false);
            delete(owner, "q");
            peer.expects(1, BasicMethod.Cancel.class);
            declare(owner, "q");
            consumes(peer, "c", false);
        }
    }

    @Test
    void a_server_cancel_may_be_answered() throws Exception {
        try (ScriptedPeer peer = consumer(CAN_BE_TOLD)) {
            delete(owner, "q");
            peer.expects(1, BasicMethod.Cancel.class);
            peer.sends(1, new BasicMethod.Cancel("c", false));
            peer.expects(1, BasicMethod.CancelOk.class);
        }
    }

    @Test
    void an_exclusive_consumer_is_the_only_one() throws Exception {
        consumes(owner, "only", true);
        try (ScriptedPeer peer = broker.peer().opens().opensChannel(1)) {
            asks(peer, "c", false)
                    .expectsChannelClose(
                            1, 403, "ACCESS_REFUSED - queue 'q' in vhost '/' in exclusive use");
        }
        asks(owner, "second", true)
                .expectsChannelClose(1, 403, "queue 'q' in vhost '/' in exclusive use");
    }

    @Test
    void an_exclusive_consumer_must_be_the_first() throws Exception {
        try (ScriptedPeer peer = consumer(FieldTable.EMPTY)) {
            asks(owner, "only", true)
                    .expectsChannelClose(1, 403, "queue 'q' in vhost '/' in exclusive use");
            peer.opensChannel(2);
        }
    }

    @Test
    void the_place_of_an_exclusive_consumer_is_free_when_its_connection_is_gone() throws Exception {
        ScriptedPeer only = broker.peer().opens().opensChannel(1);
        consumes(only, "only", true);
        only.close();
        eventually(() -> {
            owner.sends(
                    1,
                    new QueueMethod.Declare(
                            "q", true, false, false, false, false, FieldTable.EMPTY));
            assertThat(owner.expects(1, QueueMethod.DeclareOk.class).consumerCount()).isZero();
        });
        consumes(owner, "next", true);
        owner.sends(1, new ChannelMethod.Close(200, "", 0, 0));
        owner.expects(1, ChannelMethod.CloseOk.class);
        try (ScriptedPeer peer = consumer(FieldTable.EMPTY)) {
            peer.opensChannel(2);
        }
    }
}
