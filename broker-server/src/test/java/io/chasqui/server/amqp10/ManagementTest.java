package io.chasqui.server.amqp10;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import io.chasqui.protocol.amqp10.MessageSections;
import io.chasqui.protocol.amqp10.ValueWriter;
import io.chasqui.server.testing.Amqp10Peer;
import io.chasqui.server.testing.ManagementClient;
import io.chasqui.server.testing.RunningBroker;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.UnsignedLong;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.Properties;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.Begin;
import org.apache.qpid.proton.amqp.transport.Detach;
import org.apache.qpid.proton.amqp.transport.Disposition;
import org.apache.qpid.proton.amqp.transport.End;
import org.apache.qpid.proton.amqp.transport.Flow;
import org.apache.qpid.proton.amqp.transport.Transfer;
import org.apache.qpid.proton.message.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Queues, exchanges and bindings over 1.0, as RabbitMQ's clients ask for them. */
class ManagementTest {

    private RunningBroker broker;
    private Amqp10Peer peer;
    private Channel channel;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        channel = broker.connect().createChannel();
        peer = Amqp10Peer.connect(broker.port()).logsIn().begins();
        Attach requests = Amqp10Peer.sender(0, ManagementNode.ADDRESS);
        requests.setName("pair");
        Attach answers = Amqp10Peer.receiver(1, ManagementNode.ADDRESS);
        answers.setName("pair");
        peer.sends(0, answers).expects(Attach.class);
        peer.grants(1, 0, 100, false);
        peer.sends(0, requests).expects(Attach.class);
        peer.expects(Flow.class);
    }

    @AfterEach
    void stop() throws Exception {
        peer.close();
        broker.close();
    }

    private Message asks(String method, String path, Object body) throws Exception {
        requests(method, path, body);
        return answerTo(path + method);
    }

    private void requests(String method, String path, Object body) throws Exception {
        Message request = Proton.message();
        Properties properties = new Properties();
        properties.setMessageId(path + method);
        properties.setTo(path);
        properties.setSubject(method);
        properties.setReplyTo("$me");
        request.setProperties(properties);
        request.setBody(new AmqpValue(body));
        byte[] octets = new byte[4096];
        int size = request.encode(octets, 0, octets.length);
        peer.sendsMessage(0, Arrays.copyOf(octets, size));
    }

    private Message answerTo(String id) throws Exception {
        peer.awaits(Transfer.class);
        Message answer = Proton.message();
        answer.decode(peer.payload(), 0, peer.payload().length);
        assertThat(answer.getCorrelationId()).isEqualTo(id);
        assertThat(answer.getApplicationProperties().getValue())
                .containsEntry("http:response", "1.1");
        return answer;
    }

    private Map<?, ?> expects(String status, Message answer) {
        assertThat(answer.getSubject()).isEqualTo(status);
        return (Map<?, ?>) ((AmqpValue) answer.getBody()).getValue();
    }

    @Test
    void an_exclusive_queue_is_as_durable_as_it_was_asked_for() throws Exception {
        Map<?, ?> body = Map.of("durable", true, "exclusive", true, "auto_delete", true);
        Map<?, ?> made = expects("201", asks("PUT", "/queues/own", body));
        assertThat(made.get("durable")).isEqualTo(true);
        assertThat(made.get("exclusive")).isEqualTo(true);
        assertThat(expects("200", asks("GET", "/queues/own", null)).get("durable")).isEqualTo(true);
        expects("200", asks("PUT", "/queues/own", body));
    }

    @Test
    void a_stream_is_refused_with_the_reason() throws Exception {
        Map<?, ?> body = Map.of("arguments", Map.of("x-queue-type", "stream"));
        Message answer = asks("PUT", "/queues/s", body);
        assertThat(answer.getSubject()).isEqualTo("409");
        assertThat(((AmqpValue) answer.getBody()).getValue())
                .isEqualTo(
                        "invalid arg 'x-queue-type' for queue 's' in vhost '/':"
                                + " \"unsupported queue type 'stream'\"");
    }

    @Test
    void answers_wait_for_the_session_s_window() throws Exception {
        Flow closed = peer.newFlow(0);
        closed.setIncomingWindow(UnsignedInteger.ZERO);
        peer.sends(0, closed);
        requests("GET", "/queues/none", null);
        peer.expects(Disposition.class);
        peer.sends(0, peer.newFlow(0));
        assertThat(answerTo("/queues/noneGET").getSubject()).isEqualTo("404");
    }

    @Test
    void credit_may_be_as_much_as_can_be_said() throws Exception {
        Flow flow = peer.newFlow(0);
        flow.setHandle(UnsignedInteger.ONE);
        flow.setDeliveryCount(UnsignedInteger.ZERO);
        flow.setLinkCredit(UnsignedInteger.MAX_VALUE);
        peer.sends(0, flow);
        assertThat(asks("GET", "/queues/none", null).getSubject()).isEqualTo("404");
    }

    @Test
    void answers_that_nobody_takes_end_their_link() throws Exception {
        peer.grants(1, 0, 0, false);
        String long200 = "v".repeat(200);
        channel.queueDeclare("q", false, false, false, Map.of());
        for (int i = 0; i < 400; i++) {
            channel.queueBind("q", "amq.direct", "k", Map.of("n", long200 + i));
        }
        for (int i = 0; i < 250; i++) {
            requests("GET", "/bindings?src=amq.direct&dstq=q&key=k", null);
        }
        assertThat((Object) peer.awaits(Detach.class).getError().getCondition())
                .hasToString("amqp:resource-limit-exceeded");
    }

    @Test
    void a_queue_is_declared_looked_at_purged_and_deleted() throws Exception {
        Map<String, Object> body =
                Map.of(
                        "durable",
                        true,
                        "exclusive",
                        false,
                        "auto_delete",
                        false,
                        "arguments",
                        Map.of("x-max-length", UnsignedLong.valueOf(10)));
        Map<?, ?> made = expects("201", asks("PUT", "/queues/a%2Fb", body));
        assertThat(made.get("name")).isEqualTo("a/b");
        assertThat(made.get("durable")).isEqualTo(true);
        assertThat(made.get("type")).isEqualTo("classic");
        assertThat((Object[]) made.get("replicas")).containsExactly(made.get("leader"));
        assertThat(made.get("message_count")).isEqualTo(UnsignedLong.ZERO);
        assertThat(made.get("consumer_count")).isEqualTo(UnsignedInteger.ZERO);
        expects("200", asks("PUT", "/queues/a%2Fb", body));
        channel.basicPublish("", "a/b", null, new byte[1]);
        assertThat(channel.messageCount("a/b")).isEqualTo(1);
        assertThat(expects("200", asks("GET", "/queues/a%2Fb", null)).get("message_count"))
                .isEqualTo(UnsignedLong.valueOf(1));
        assertThat(
                        expects("200", asks("DELETE", "/queues/a%2Fb/messages", null))
                                .get("message_count"))
                .isEqualTo(UnsignedLong.valueOf(1));
        assertThat(expects("200", asks("DELETE", "/queues/a%2Fb", null)).get("message_count"))
                .isEqualTo(UnsignedLong.ZERO);
        assertThat(asks("GET", "/queues/a%2Fb", null).getSubject()).isEqualTo("404");
    }

    @Test
    void a_queue_declared_otherwise_is_a_conflict() throws Exception {
        channel.queueDeclare("q", true, false, false, Map.of());
        assertThat(asks("PUT", "/queues/q", Map.of("durable", false)).getSubject())
                .isEqualTo("409");
    }

    @Test
    void exchanges_and_bindings_come_and_go() throws Exception {
        channel.queueDeclare("q", true, false, false, Map.of());
        assertThat(asks("PUT", "/exchanges/x", Map.of("type", "topic")).getSubject())
                .isEqualTo("204");
        Map<String, Object> binding =
                Map.of(
                        "source",
                        "x",
                        "destination_queue",
                        "q",
                        "binding_key",
                        "a;b=c/%",
                        "arguments",
                        Map.of("k", "v"));
        assertThat(asks("POST", "/bindings", binding).getSubject()).isEqualTo("204");
        Message listed = asks("GET", "/bindings?src=x&dstq=q&key=a%3Bb%3Dc%2F%25", null);
        assertThat(listed.getSubject()).isEqualTo("200");
        List<?> found = (List<?>) ((AmqpValue) listed.getBody()).getValue();
        String location = (String) ((Map<?, ?>) found.getFirst()).get("location");
        assertThat(location).startsWith("/bindings/src=x;dstq=q;key=a%3Bb%3Dc%2F%25;args=");
        assertThat(asks("DELETE", location, null).getSubject()).isEqualTo("204");
        Message none = asks("GET", "/bindings?src=x&dstq=q&key=a%3Bb%3Dc%2F%25", null);
        assertThat((List<?>) ((AmqpValue) none.getBody()).getValue()).isEmpty();
        assertThat(asks("DELETE", "/exchanges/x", null).getSubject()).isEqualTo("204");
    }

    @Test
    void a_queue_argument_that_means_nothing_there_is_a_conflict() throws Exception {
        Map<String, Object> body = Map.of("arguments", Map.of("x-max-age", "1000s"));
        Message answer = asks("PUT", "/queues/q", body);
        assertThat(answer.getSubject()).isEqualTo("409");
        assertThat(((AmqpValue) answer.getBody()).getValue())
                .isEqualTo(
                        "invalid arg 'x-max-age' for queue 'q' in vhost '/' of queue type"
                                + " rabbit_classic_queue");
    }

    /** RabbitMQ looks at it then, and ends the sessions of who may not any more. */
    @Test
    void with_a_token_what_the_user_may_is_looked_at_anew() throws Exception {
        channel.queueDeclare("mine", true, false, false, Map.of());
        for (boolean sends : new boolean[] {true, false}) {
            allow(".*");
            peer.sends(1, Amqp10Peer.newBegin()).awaits(Begin.class);
            peer.sends(
                    1,
                    sends
                            ? Amqp10Peer.sender(0, "/queues/mine")
                            : Amqp10Peer.receiver(0, "/queues/mine"));
            peer.awaits(Attach.class);
            if (sends) {
                peer.awaits(Flow.class);
            }
            allow("foobar");
            assertThat(asks("PUT", "/auth/tokens", new Binary(new byte[] {1})).getSubject())
                    .isEqualTo("204");
            End end = peer.awaits(End.class);
            assertThat((Object) end.getError().getCondition())
                    .hasToString("amqp:unauthorized-access");
            assertThat(end.getError().getDescription())
                    .isEqualTo(
                            (sends
                                            ? "write access to exchange 'amq.default'"
                                            : "read access to queue 'mine'")
                                    + " in vhost '/' refused for user 'guest'");
            peer.sends(1, new End());
        }
        allow(".*");
        assertThat(asks("GET", "/queues/mine", null).getSubject()).isEqualTo("200");
    }

    private void allow(String names) throws Exception {
        try (ManagementClient http = ManagementClient.of(broker)) {
            Map<String, String> all = Map.of("configure", names, "write", names, "read", names);
            assertThat(http.put("permissions/%2F/guest", all).status()).isEqualTo(204);
        }
    }

    @Test
    void a_token_is_taken_and_changes_nothing() throws Exception {
        byte[] token = {1, 2, 3};
        assertThat(asks("PUT", "/auth/tokens", new Binary(token)).getSubject()).isEqualTo("204");
        assertThat(asks("PUT", "/auth/tokens", "no binary").getSubject()).isEqualTo("400");
        assertThat(asks("PUT", "/auth/other", new Binary(token)).getSubject()).isEqualTo("400");
        assertThat(asks("GET", "/auth/tokens", null).getSubject()).isEqualTo("404");
    }

    @Test
    void the_sections_of_a_request_may_stand_in_any_order() throws Exception {
        channel.queueDeclare("q", true, false, false, Map.of());
        ValueWriter request = new ValueWriter().described(MessageSections.VALUE).putNull();
        request.described(MessageSections.PROPERTIES);
        int list = request.beginList();
        request.string("id").putNull().string("/queues/q").string("DELETE").end(list, 4);
        peer.sendsMessage(0, request.toArray());
        peer.awaits(Transfer.class);
        assertThat(channel.queueDeclare("q", false, false, false, Map.of()).getQueue())
                .isEqualTo("q");
    }

    @Test
    void what_cannot_be_asked_is_answered() throws Exception {
        assertThat(asks("GET", "/nothing", null).getSubject()).isEqualTo("404");
        assertThat(asks("POST", "/bindings", Map.of("source", "x")).getSubject()).isEqualTo("400");
        assertThat(asks("PUT", "/exchanges/x", Map.of("type", "odd")).getSubject())
                .isEqualTo("400");
    }

    @Test
    void requests_need_a_link_for_the_answers() throws Exception {
        Attach alone = Amqp10Peer.sender(5, ManagementNode.ADDRESS);
        peer.sends(0, alone).expects(Attach.class);
        peer.expects(Flow.class);
        peer.sendsMessage(5, Messages.to("/queues/q", "no value"));
        assertThat(peer.awaits(Detach.class).getError()).isNotNull();
    }
}
