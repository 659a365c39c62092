package io.chasqui.server.amqp091;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;
import io.chasqui.server.testing.RunningBroker;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** confirm.select, basic.return, and the order between them. */
@ParameterizedClass
@ValueSource(ints = {1, 3})
class PublisherConfirmTest {

    private static final AMQP.BasicProperties PERSISTENT = MessageProperties.PERSISTENT_BASIC;

    private final int eventLoops;
    private RunningBroker broker;
    private Channel channel;

    PublisherConfirmTest(int eventLoops) {
        this.eventLoops = eventLoops;
    }

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.withEventLoops(eventLoops);
        broker.connect().createChannel().queueDeclare("q", true, false, false, null);
        channel = broker.connect().createChannel();
        channel.confirmSelect();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @Test
    void a_persistent_message_is_confirmed() throws Exception {
        channel.basicPublish("", "q", PERSISTENT, "x".getBytes(UTF_8));
        assertThat(channel.waitForConfirms(10_000)).isTrue();
    }

    @Test
    void many_messages_are_confirmed_in_order() throws Exception {
        List<Long> confirmed = new CopyOnWriteArrayList<>();
        channel.addConfirmListener((tag, _) -> confirmed.add(tag), (_, _) -> {});
        for (int i = 0; i < 3000; i++) {
            channel.basicPublish(
                    "",
                    i % 3 == 0 ? "nowhere" : "q",
                    i % 2 == 0 ? PERSISTENT : null,
                    new byte[100]);
        }
        assertThat(channel.waitForConfirms(10_000)).isTrue();
        assertThat(confirmed).isSorted().endsWith(3000L);
        assertThat(channel.queueDeclarePassive("q").getMessageCount()).isEqualTo(2000);
    }

    @Test
    void an_unroutable_mandatory_message_comes_back_before_it_is_confirmed() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        channel.addReturnListener(returned ->
                events.add(
                        returned.getReplyCode()
                                + " "
                                + returned.getReplyText()
                                + " "
                                + new String(returned.getBody(), UTF_8)
                                + " "
                                + returned.getProperties().getMessageId()));
        channel.addConfirmListener((tag, _) -> events.add("ack " + tag), (_, _) -> {});
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder().messageId("m").build();
        channel.basicPublish("amq.direct", "nowhere", true, properties, "x".getBytes(UTF_8));
        channel.basicPublish("amq.direct", "nowhere", false, properties, "y".getBytes(UTF_8));
        assertThat(channel.waitForConfirms(10_000)).isTrue();
        assertThat(events.getFirst()).isEqualTo("312 NO_ROUTE x m");
        assertThat(events.get(1)).startsWith("ack");
        assertThat(events).filteredOn(event -> event.startsWith("312")).hasSize(1);
    }

    @Test
    void a_message_to_a_missing_exchange_closes_the_channel() {
        assertThatThrownBy(
                        () -> {
                            channel.basicPublish("nosuch", "k", null, new byte[1]);
                            channel.waitForConfirmsOrDie(10_000);
                        })
                .hasStackTraceContaining("NOT_FOUND - no exchange 'nosuch' in vhost '/'");
    }
}
