package io.chasqui.server.amqp091;

import static io.chasqui.server.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import io.chasqui.server.testing.ManagementClient;
import io.chasqui.server.testing.RunningBroker;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a user may no longer do reaches connections that are open within a second of the answer to
 * whoever took it away, also where a route is remembered.
 */
class RevocationTest {

    private static final Duration SOON = Duration.ofSeconds(1);

    private RunningBroker broker;
    private ManagementClient guest;
    private ConnectionFactory factory;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        guest = ManagementClient.of(broker);
        guest.put("vhosts/v", Map.of());
        guest.put("users/u", Map.of("password", "pw", "tags", ""));
        allow(".*", ".*", ".*");
        factory = broker.factory();
        factory.setUsername("u");
        factory.setPassword("pw");
        factory.setVirtualHost("v");
    }

    @AfterEach
    void stop() {
        guest.close();
        broker.close();
    }

    private void allow(String configure, String write, String read) throws Exception {
        guest.put("permissions/v/u", Map.of("configure", configure, "write", write, "read", read));
    }

    private Channel publishing() throws Exception {
        Channel channel = broker.connect(factory).createChannel();
        channel.confirmSelect();
        channel.queueDeclare("q", true, false, false, Map.of());
        channel.queueBind("q", "amq.topic", "#");
        publish(channel);
        return channel;
    }

    private static void publish(Channel channel) throws Exception {
        channel.basicPublish("amq.topic", "a.b", null, new byte[1]);
        channel.waitForConfirmsOrDie();
    }

    /** Publishes until it is refused, which must be soon. */
    private static String refusedSoon(Channel channel) {
        Instant until = Instant.now().plus(SOON);
        while (Instant.now().isBefore(until)) {
            try {
                publish(channel);
            } catch (ShutdownSignalException signal) {
                return text(signal);
            } catch (Exception e) {
                if (e.getCause() instanceof ShutdownSignalException signal) {
                    return text(signal);
                }
                throw new AssertionError(e);
            }
        }
        return Assertions.fail("still allowed after " + SOON);
    }

    private static String text(ShutdownSignalException signal) {
        return switch (signal.getReason()) {
            case AMQP.Connection.Close close -> close.getReplyCode() + " " + close.getReplyText();
            case AMQP.Channel.Close close -> close.getReplyCode() + " " + close.getReplyText();
            default -> signal.toString();
        };
    }

    private static void closedSoon(Connection connection, String text) throws Exception {
        Instant asked = Instant.now();
        eventually(() -> assertThat(connection.isOpen()).isFalse());
        assertThat(Duration.between(asked, Instant.now())).isLessThan(SOON);
        assertThat(text(connection.getCloseReason())).isEqualTo(text);
    }

    @Test
    void a_permission_that_was_made_narrower() throws Exception {
        Channel channel = publishing();
        allow(".*", "^q$", ".*");
        assertThat(refusedSoon(channel))
                .isEqualTo(
                        "403 ACCESS_REFUSED - write access to exchange 'amq.topic' in vhost 'v'"
                                + " refused for user 'u'");
    }

    @Test
    void a_permission_that_was_cleared() throws Exception {
        Channel channel = publishing();
        assertThat(guest.delete("permissions/v/u").status()).isEqualTo(204);
        assertThat(refusedSoon(channel))
                .isEqualTo(
                        "403 ACCESS_REFUSED - write access to exchange 'amq.topic' in vhost 'v'"
                                + " refused for user 'u'");
    }

    @Test
    void a_topic_permission_that_was_set_and_one_that_was_cleared() throws Exception {
        Channel channel = publishing();
        Map<String, String> none = Map.of("exchange", "amq.topic", "write", "^x", "read", ".*");
        guest.put("topic-permissions/v/u", none);
        assertThat(refusedSoon(channel))
                .isEqualTo(
                        "403 ACCESS_REFUSED - write access to topic 'a.b' in exchange 'amq.topic'"
                                + " in vhost 'v' refused for user 'u'");
        assertThat(guest.delete("topic-permissions/v/u").status()).isEqualTo(204);
        publish(publishing());
    }

    @Test
    void a_user_who_was_deleted() throws Exception {
        Connection connection = publishing().getConnection();
        assertThat(guest.delete("users/u").status()).isEqualTo(204);
        closedSoon(connection, "320 CONNECTION_FORCED - user 'u' is deleted");
    }

    @Test
    void a_virtual_host_that_was_deleted() throws Exception {
        Connection connection = publishing().getConnection();
        assertThat(guest.delete("vhosts/v").status()).isEqualTo(204);
        closedSoon(connection, "320 CONNECTION_FORCED - vhost 'v' is deleted");
    }

    /** As in RabbitMQ: who is in stays in, and the old password opens nothing any more. */
    @Test
    void a_password_that_was_changed() throws Exception {
        Channel channel = publishing();
        guest.put("users/u", Map.of("password", "other", "tags", ""));
        publish(channel);
        Assertions.assertThatExceptionOfType(AuthenticationFailureException.class)
                .isThrownBy(() -> factory.newConnection().close());
        factory.setPassword("other");
        publish(publishing());
    }

    @Test
    void a_user_tag_that_was_taken_away() throws Exception {
        guest.put("users/u", Map.of("password", "pw", "tags", "monitoring"));
        try (ManagementClient user = ManagementClient.of(broker, "u", "pw")) {
            assertThat(user.get("nodes").status()).isEqualTo(200);
            guest.put("users/u", Map.of("password", "pw", "tags", ""));
            assertThat(user.get("nodes").status()).isEqualTo(401);
        }
    }
}
