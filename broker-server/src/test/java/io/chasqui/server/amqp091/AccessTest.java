package io.chasqui.server.amqp091;

import static io.chasqui.server.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import io.chasqui.core.admin.Administration;
import io.chasqui.core.definition.PermissionDefinition;
import io.chasqui.core.definition.UserDefinition;
import io.chasqui.core.security.RabbitHash;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.server.testing.RunningBroker;
import io.chasqui.server.testing.ScriptedPeer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users, virtual hosts and permissions that change while clients are connected. */
class AccessTest {

    private RunningBroker broker;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private Administration administration() {
        return broker.broker().administration();
    }

    private void allow(String user, String vhost) {
        administration().setPermission(vhost, new PermissionDefinition(user, ".*", ".*", ".*"));
    }

    private ConnectionFactory as(String user, String password, String vhost) {
        ConnectionFactory factory = broker.factory();
        factory.setUsername(user);
        factory.setPassword(password);
        factory.setVirtualHost(vhost);
        return factory;
    }

    private static String closeText(ShutdownSignalException signal) {
        return switch (signal.getReason()) {
            case AMQP.Connection.Close close -> close.getReplyCode() + " " + close.getReplyText();
            case AMQP.Channel.Close close -> close.getReplyCode() + " " + close.getReplyText();
            default -> signal.toString();
        };
    }

    private static void expectClosed(Connection connection, String text) throws Exception {
        eventually(() -> {
            ShutdownSignalException signal = connection.getCloseReason();
            assertThat(signal).isNotNull();
            assertThat(closeText(signal)).isEqualTo(text);
        });
    }

    private void expectRefusedToOpen(ConnectionFactory factory, String text) {
        assertThatThrownBy(() -> broker.connect(factory))
                .isInstanceOf(IOException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ShutdownSignalException.class,
                        signal -> assertThat(closeText(signal)).isEqualTo(text));
    }

    @Test
    void who_may_not_enter_a_virtual_host_is_told_so() throws Exception {
        broker.addUser("u", "p");
        expectRefusedToOpen(
                as("u", "p", "/"), "530 NOT_ALLOWED - access to vhost '/' refused for user 'u'");
        expectRefusedToOpen(as("u", "p", "nosuch"), "530 NOT_ALLOWED - vhost nosuch not found");
        allow("u", "/");
        assertThat(broker.connect(as("u", "p", "/")).isOpen()).isTrue();
    }

    @Test
    void a_deleted_user_is_disconnected_and_cannot_come_back() throws Exception {
        broker.addUser("u", "p");
        allow("u", "/");
        Connection connection = broker.connect(as("u", "p", "/"));
        Connection bystander = broker.connect();
        administration().deleteUser("u");
        expectClosed(connection, "320 CONNECTION_FORCED - user 'u' is deleted");
        assertThat(bystander.isOpen()).isTrue();
        assertThatExceptionOfType(AuthenticationFailureException.class)
                .isThrownBy(() -> broker.connect(as("u", "p", "/")));
        broker.addUser("u", "p");
        expectRefusedToOpen(
                as("u", "p", "/"), "530 NOT_ALLOWED - access to vhost '/' refused for user 'u'");
    }

    @Test
    void a_virtual_host_comes_and_goes_with_all_that_is_in_it() throws Exception {
        administration().addVirtualHost("v");
        allow("guest", "v");
        Connection connection = broker.connect(as("guest", "guest", "v"));
        Channel channel = connection.createChannel();
        channel.queueDeclare("q", true, false, false, Map.of());
        channel.basicPublish("", "q", MessageProperties.PERSISTENT_BASIC, new byte[10]);
        Connection bystander = broker.connect();
        administration().deleteVirtualHost("v");
        expectClosed(connection, "320 CONNECTION_FORCED - vhost 'v' is deleted");
        assertThat(bystander.isOpen()).isTrue();
        expectRefusedToOpen(as("guest", "guest", "v"), "530 NOT_ALLOWED - vhost v not found");

        administration().addVirtualHost("v");
        expectRefusedToOpen(
                as("guest", "guest", "v"),
                "530 NOT_ALLOWED - access to vhost 'v' refused for user 'guest'");
        allow("guest", "v");
        Channel anew = broker.connect(as("guest", "guest", "v")).createChannel();
        assertThatThrownBy(() -> anew.queueDeclarePassive("q")).isInstanceOf(IOException.class);
    }

    @Test
    void a_revoked_permission_stops_a_publisher_with_a_cached_route() throws Exception {
        broker.addUser("u", "p");
        allow("u", "/");
        Channel channel = broker.connect(as("u", "p", "/")).createChannel();
        channel.queueDeclare("q", false, false, false, Map.of());
        channel.confirmSelect();
        channel.basicPublish("", "q", MessageProperties.BASIC, new byte[1]);
        channel.waitForConfirmsOrDie(10_000);
        administration().setPermission("/", new PermissionDefinition("u", ".*", "^q$", ".*"));
        channel.basicPublish("", "q", MessageProperties.BASIC, new byte[1]);
        eventually(() -> {
            assertThat(channel.getCloseReason()).isNotNull();
            assertThat(closeText(channel.getCloseReason()))
                    .isEqualTo(
                            "403 ACCESS_REFUSED - write access to exchange 'amq.default' in vhost"
                                    + " '/' refused for user 'u'");
        });
    }

    @Test
    void users_permissions_and_virtual_hosts_survive_a_restart() throws Exception {
        administration()
                .putUser(
                        new UserDefinition(
                                "imported",
                                RabbitHash.of(
                                        "rabbit_password_hashing_sha256",
                                        "HT7gop7ZkKBAGrVkBcUG6PaHtbMFxJ/bXoIT9CLwA5Uja9zm"),
                                List.of("monitoring")));
        administration().addVirtualHost("v");
        allow("imported", "v");
        administration().addVirtualHost("gone");
        administration().deleteVirtualHost("gone");
        administration().clearPermission("/", "guest");
        broker.restart();
        Channel channel = broker.connect(as("imported", "p", "v")).createChannel();
        channel.queueDeclare("q", true, false, false, Map.of());
        assertThat(broker.broker().accounts().user("imported").tags())
                .containsExactly("monitoring");
        expectRefusedToOpen(
                as("guest", "guest", "/"),
                "530 NOT_ALLOWED - access to vhost '/' refused for user 'guest'");
        expectRefusedToOpen(as("guest", "guest", "gone"), "530 NOT_ALLOWED - vhost gone not found");
    }

    @Test
    void a_deleted_default_user_does_not_come_back_with_a_restart() throws Exception {
        administration().deleteUser("guest");
        administration().deleteVirtualHost("/");
        broker.restart();
        assertThat(broker.broker().accounts().users()).isEmpty();
        assertThat(broker.broker().vhosts().find("/")).isNull();
    }

    @Test
    void frames_sent_behind_start_ok_wait_for_the_login() throws Exception {
        broker.addUser("u", "p");
        allow("u", "/");
        try (ScriptedPeer peer = broker.peer()) {
            peer.sendsHeader();
            peer.expects(0, ConnectionMethod.Start.class);
            peer.sends(0, ScriptedPeer.startOk("u", "p", FieldTable.EMPTY));
            peer.sends(0, new ConnectionMethod.TuneOk(2047, 131_072, 0));
            peer.sends(0, new ConnectionMethod.Open("/"));
            peer.expects(0, ConnectionMethod.Tune.class);
            peer.expects(0, ConnectionMethod.OpenOk.class);
        }
    }

    @Test
    void an_impersonator_may_publish_in_the_name_of_others() throws Exception {
        AMQP.BasicProperties ofBob = new AMQP.BasicProperties.Builder().userId("bob").build();
        tag("alice", "impersonator");
        allow("alice", "/");
        Channel channel = broker.connect(as("alice", "secret", "/")).createChannel();
        channel.confirmSelect();
        channel.basicPublish("", "nowhere", ofBob, new byte[0]);
        channel.waitForConfirmsOrDie(10_000);

        tag("alice", "management");
        channel.basicPublish("", "nowhere", ofBob, new byte[0]);

        eventually(() ->
                assertThat(channel.getCloseReason())
                        .hasMessageContaining(
                                "PRECONDITION_FAILED - user_id property set to 'bob' but"
                                        + " authenticated user was 'alice'"));
    }

    private void tag(String user, String tag) {
        administration()
                .putUser(
                        new UserDefinition(
                                user, broker.broker().passwords().hash("secret"), List.of(tag)));
    }
}
