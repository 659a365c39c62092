package io.chasqui.server.amqp091;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import io.chasqui.server.testing.Deliveries;
import io.chasqui.server.testing.RunningBroker;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** RabbitMQ's direct reply-to; codes and texts as a running RabbitMQ 4.3.6 gives them. */
@ParameterizedClass
@ValueSource(ints = {1, 3})
class DirectReplyToTest {

    private static final String REPLY_TO = "amq.rabbitmq.reply-to";

    private final int eventLoops;
    private RunningBroker broker;

    /** Sends requests to the queue {@code rpc} and consumes the replies. */
    private Channel caller;

    /** Takes requests from {@code rpc} and replies. */
    private Channel server;

    DirectReplyToTest(int eventLoops) {
        this.eventLoops = eventLoops;
    }

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.withEventLoops(eventLoops);
        caller = broker.connect().createChannel();
        server = broker.connect().createChannel();
        server.queueDeclare("rpc", false, false, false, null);
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private void request(String body) throws IOException {
        AMQP.BasicProperties properties =
                new AMQP.BasicProperties.Builder().replyTo(REPLY_TO).correlationId(body).build();
        caller.basicPublish("", "rpc", properties, body.getBytes(UTF_8));
    }

    /** The address to reply to, as the server sees it. */
    private String address() throws Exception {
        request("request");
        eventually(
                () -> assertThat(server.queueDeclarePassive("rpc").getMessageCount()).isPositive());
        return server.basicGet("rpc", true).getProps().getReplyTo();
    }

    private static void refused(int code, String text, ThrowingCallable request) {
        Throwable thrown = catchThrowable(request);
        assertThat(thrown).isNotNull();
        Throwable root = thrown.getCause() == null ? thrown : thrown.getCause();
        assertThat(root).isInstanceOf(ShutdownSignalException.class);
        switch (((ShutdownSignalException) root).getReason()) {
            case AMQP.Channel.Close close ->
                    assertThat(close.getReplyCode() + " " + close.getReplyText())
                            .isEqualTo(code + " " + text);
            case AMQP.Connection.Close close ->
                    assertThat(close.getReplyCode() + " " + close.getReplyText())
                            .isEqualTo(code + " " + text);
            default -> throw new AssertionError("closed by no refusal", root);
        }
    }

    @Test
    void replies_come_to_the_channel_that_asked_in_their_order() throws Exception {
        Deliveries replies = Deliveries.autoAck(caller, REPLY_TO);
        Channel another = caller.getConnection().createChannel();
        Deliveries others = Deliveries.autoAck(another, REPLY_TO);
        String address = address();

        for (int i = 0; i < 100; i++) {
            server.basicPublish("", address, null, ("reply" + i).getBytes(UTF_8));
        }

        eventually(() -> assertThat(replies.count()).isEqualTo(100));
        assertThat(replies.bodies()).startsWith("reply0", "reply1").endsWith("reply99");
        assertThat(replies.redelivered()).containsOnly(false);
        assertThat(replies.deliveryTag(0)).isEqualTo(1);
        assertThat(others.count()).isZero();
    }

    @Test
    void the_address_is_that_of_the_channel_and_tells_nothing() throws Exception {
        Deliveries.autoAck(caller, REPLY_TO);
        String address = address();
        assertThat(address).matches("amq\\.rabbitmq\\.reply-to\\.[A-Za-z0-9_-]{22}");
        assertThat(address()).isEqualTo(address);

        caller = caller.getConnection().createChannel();
        Deliveries.autoAck(caller, REPLY_TO);
        assertThat(address()).isNotEqualTo(address);
    }

    @Test
    void a_request_keeps_all_its_other_properties_and_its_body() throws Exception {
        Deliveries.autoAck(caller, REPLY_TO);
        AMQP.BasicProperties properties =
                new AMQP.BasicProperties.Builder()
                        .contentType("text/plain")
                        .headers(java.util.Map.of("a", 1))
                        .deliveryMode(2)
                        .correlationId("c")
                        .replyTo(REPLY_TO)
                        .messageId("m")
                        .appId("app")
                        .build();
        for (int size : new int[] {0, 10, 200_000, 3_000_000}) {
            caller.basicPublish("", "rpc", properties, new byte[size]);
            eventually(
                    () -> assertThat(server.queueDeclarePassive("rpc").getMessageCount()).isOne());
            var got = server.basicGet("rpc", true);
            assertThat(got.getBody()).hasSize(size);
            assertThat(got.getProps().getReplyTo()).startsWith(REPLY_TO + ".");
            assertThat(got.getProps().builder().replyTo(REPLY_TO).build().toString())
                    .isEqualTo(properties.toString());
        }
    }

    @Test
    void a_large_reply_comes_whole() throws Exception {
        Deliveries replies = Deliveries.autoAck(caller, REPLY_TO);
        String body = "x".repeat(3_000_000);

        server.basicPublish("", address(), null, body.getBytes(UTF_8));

        eventually(() -> assertThat(replies.count()).isOne());
        assertThat(replies.bodies()).containsExactly(body);
    }

    @Test
    void replies_are_not_acknowledged_and_consumed_once_in_a_channel() throws Exception {
        refused(
                406,
                "PRECONDITION_FAILED - reply consumer cannot acknowledge",
                () -> Deliveries.of(caller, REPLY_TO));

        caller = caller.getConnection().createChannel();
        Deliveries.autoAck(caller, REPLY_TO);
        refused(
                406,
                "PRECONDITION_FAILED - reply consumer already set",
                () -> Deliveries.autoAck(caller, REPLY_TO));
    }

    @Test
    void who_consumes_no_replies_cannot_ask_for_them() throws Exception {
        Deliveries replies = Deliveries.autoAck(caller, REPLY_TO);
        caller.basicCancel(replies.tag());
        request("request");
        refused(
                406,
                "PRECONDITION_FAILED - fast reply consumer does not exist",
                () -> caller.queueDeclarePassive("rpc"));
    }

    @Test
    void a_cancelled_reply_consumer_may_be_followed_by_another() throws Exception {
        Deliveries first = Deliveries.autoAck(caller, REPLY_TO);
        String old = address();
        caller.basicCancel(first.tag());
        Deliveries second = Deliveries.autoAck(caller, REPLY_TO);

        server.basicPublish("", old, null, "late".getBytes(UTF_8));
        server.basicPublish("", address(), null, "reply".getBytes(UTF_8));

        eventually(() -> assertThat(second.bodies()).containsExactly("reply"));
        assertThat(first.count()).isZero();
    }

    @Test
    void a_passive_declare_tells_whether_somebody_waits_for_the_reply() throws Exception {
        assertThat(server.queueDeclarePassive(REPLY_TO).getConsumerCount()).isOne();
        Deliveries.autoAck(caller, REPLY_TO);
        String address = address();
        assertThat(server.queueDeclarePassive(address).getConsumerCount()).isOne();
        assertThat(server.queueDeclare(address, false, false, false, null).getMessageCount())
                .isZero();

        caller.close();

        refused(
                404,
                "NOT_FOUND - no queue '" + address + "' in vhost '/'",
                () -> server.queueDeclarePassive(address));
    }

    @Test
    void a_mandatory_reply_comes_back_once_nobody_waits_for_it() throws Exception {
        Deliveries replies = Deliveries.autoAck(caller, REPLY_TO);
        String address = address();
        List<String> returned = new CopyOnWriteArrayList<>();
        server.addReturnListener(back -> returned.add(new String(back.getBody(), UTF_8)));
        server.confirmSelect();

        server.basicPublish("", address, true, null, "in time".getBytes(UTF_8));
        server.waitForConfirmsOrDie(10_000);
        eventually(() -> assertThat(replies.bodies()).containsExactly("in time"));
        assertThat(returned).isEmpty();

        caller.getConnection().close();
        server.basicPublish("", address, true, null, "late".getBytes(UTF_8));
        server.waitForConfirmsOrDie(10_000);
        assertThat(returned).containsExactly("late");
    }

    @Test
    void only_the_default_exchange_leads_to_the_caller() throws Exception {
        Deliveries replies = Deliveries.autoAck(caller, REPLY_TO);
        String address = address();

        server.basicPublish("amq.direct", address, null, "lost".getBytes(UTF_8));
        server.basicPublish("", address, null, "found".getBytes(UTF_8));

        eventually(() -> assertThat(replies.bodies()).containsExactly("found"));
        refused(
                403,
                "ACCESS_REFUSED - cannot bind or unbind to a volatile (direct reply-to) queue",
                () -> server.queueBind(address, "amq.direct", "k"));
    }

    @Test
    void nothing_else_can_be_done_with_the_address() throws Exception {
        Deliveries.autoAck(caller, REPLY_TO);
        String address = address();
        assertThat(server.queuePurge(address).getMessageCount()).isZero();
        assertThat(server.queueDelete(address).getMessageCount()).isZero();
        assertThat(server.queueDeclarePassive(address).getConsumerCount()).isOne();

        Channel taker = server.getConnection().createChannel();
        refused(
                406,
                "PRECONDITION_FAILED - only creator channel may consume from queue '"
                        + address
                        + "' in vhost '/'",
                () -> Deliveries.autoAck(taker, address));
        refused(
                540,
                "NOT_IMPLEMENTED - basic.get not supported by volatile queue '"
                        + address
                        + "' in vhost '/'",
                () -> server.basicGet(address, true));
    }

    @Test
    void it_is_no_queue_of_the_virtual_host() throws Exception {
        Deliveries.autoAck(caller, REPLY_TO);
        address();

        assertThat(broker.broker().vhosts().existing("/").queues()).hasSize(1);
    }
}
