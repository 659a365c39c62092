package io.chasqui.server.policy;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import io.chasqui.server.testing.ManagementClient;
import io.chasqui.server.testing.RunningBroker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * A running broker with a queue {@code q}, what it is to be like, and who says so: the queue's own
 * argument, a policy or an operator's policy.
 */
abstract class PolicyScene {

    static final Duration MINUTE = Duration.ofSeconds(61);

    enum SetBy {
        ARGUMENT,
        POLICY,
        OPERATOR_POLICY
    }

    final SetBy setBy;
    RunningBroker broker;
    ManagementClient management;
    Channel channel;
    private Map<String, Object> setting = Map.of();

    PolicyScene(SetBy setBy) {
        this.setBy = setBy;
    }

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        management = ManagementClient.of(broker);
        open();
    }

    @AfterEach
    void stop() {
        management.close();
        broker.close();
    }

    private void open() throws Exception {
        channel = broker.connect().createChannel();
        channel.confirmSelect();
    }

    void restart() throws Exception {
        broker.restart();
        open();
    }

    /** Says what the queue q is to have, and what of that is looked at. */
    void given(Map<String, Object> keys, Map<String, Object> ownArguments) throws Exception {
        setting = keys;
        Map<String, Object> arguments = new HashMap<>(ownArguments);
        if (setBy == SetBy.ARGUMENT) {
            keys.forEach((key, value) -> arguments.put("x-" + key, value));
        }
        channel.queueDeclare("q", true, false, false, arguments);
        channel.queueDeclare("dead", true, false, false, null);
    }

    /** Sets what was said, if it is not among the queue's arguments. */
    void set() throws Exception {
        if (setBy != SetBy.ARGUMENT) {
            Map<String, ?> policy =
                    Map.of("pattern", "^q$", "definition", setting, "apply-to", "queues");
            assertThat(management.put(policyPath(), policy).status()).isEqualTo(201);
        }
    }

    void publish(String... bodies) throws Exception {
        for (String body : bodies) {
            channel.basicPublish("", "q", MessageProperties.PERSISTENT_BASIC, body.getBytes(UTF_8));
        }
        channel.waitForConfirms(20_000);
    }

    void holds(String queue, int messages) throws Exception {
        eventually(() -> assertThat(channel.messageCount(queue)).as(queue).isEqualTo(messages));
    }

    String got(String queue) throws Exception {
        GetResponse message = channel.basicGet(queue, true);
        return message == null ? "nothing" : new String(message.getBody(), UTF_8);
    }

    void rejectFirst(boolean requeue) throws Exception {
        GetResponse message = channel.basicGet("q", false);
        channel.basicReject(message.getEnvelope().getDeliveryTag(), requeue);
    }

    /** Where the policy is, in the management API. */
    String policyPath() {
        return (setBy == SetBy.POLICY ? "policies" : "operator-policies") + "/%2F/p";
    }

    /** Declares q, and returns a message as often as may be, and once more. */
    void deliveryLimitOf(String type) throws Exception {
        given(Map.of("delivery-limit", 1), Map.of("x-queue-type", type));
        publish("1", "2");
        rejectFirst(true);
        set();
        rejectFirst(true);
        holds("q", 1);
        rejectFirst(true);
        restart();
        holds("q", 1);
        rejectFirst(true);
        holds("q", 0);
    }
}
