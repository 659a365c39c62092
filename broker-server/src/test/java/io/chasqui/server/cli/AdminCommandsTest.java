package io.chasqui.server.cli;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.chasqui.core.Alarms;
import io.chasqui.server.admin.AdminSocket;
import io.chasqui.server.testing.ChildBroker;
import io.chasqui.server.testing.RunningBroker;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The administration commands, over the socket of a running broker. */
class AdminCommandsTest {

    @Command(
            subcommands = {
                UserCommand.class,
                VhostCommand.class,
                PermissionCommand.class,
                PolicyCommand.class,
                LimitCommand.class,
                ParameterCommand.class,
                DefinitionsCommand.class,
                QueueCommand.class,
                ConnectionCommand.class,
                AlarmCommand.class,
                RuntimeCommand.class,
                StatusCommand.class
            })
    private static final class Commands {}

    private record Ended(int status, String out, String err) {}

    private RunningBroker broker;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private static Ended run(Path dataDir, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line =
                new CommandLine(new Commands())
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .setExecutionExceptionHandler(new AdminFailures());
        String[] all = new String[arguments.length + 1];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--data-dir=" + dataDir;
        return new Ended(line.execute(all), out.toString(), err.toString());
    }

    private Ended run(String... arguments) {
        return run(broker.directory(), arguments);
    }

    private void does(String... arguments) {
        assertThat(run(arguments)).isEqualTo(new Ended(0, "", ""));
    }

    private Connection connect(String user, String password, String vhost) throws Exception {
        ConnectionFactory factory = broker.factory();
        factory.setUsername(user);
        factory.setPassword(password);
        factory.setVirtualHost(vhost);
        return broker.connect(factory);
    }

    @Test
    void only_the_owner_can_open_the_socket() throws Exception {
        Path socket = AdminSocket.in(broker.directory());
        assertThat(Files.getPosixFilePermissions(socket))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(socket.getParent()))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void a_user_is_added_may_work_in_a_virtual_host_and_is_deleted() throws Exception {
        does("vhost", "add", "Größe /1");
        does("user", "add", "alice", "--password=p", "--tags=monitoring,management");
        does("permission", "set", "--vhost=Größe /1", "alice", "^alice", ".*", ".*");
        assertThat(run("permission", "list", "-o", "tsv").out())
                .contains("Größe /1\talice\t^alice\t.*\t.*\n");
        assertThat(run("user", "list", "-o", "tsv").out())
                .isEqualTo(
                        """
                        alice\tmonitoring,management\tpbkdf2_hmac_sha512
                        guest\tadministrator\tpbkdf2_hmac_sha512
                        """);
        assertThat(run("vhost", "list").out())
                .isEqualTo("NAME      TRACING\n/         false\nGröße /1  false\n");
        does("vhost", "trace", "on", "Größe /1");
        assertThat(run("vhost", "list", "-o", "tsv").out()).isEqualTo("/\tfalse\nGröße /1\ttrue\n");
        does("vhost", "trace", "off", "Größe /1");
        assertThat(run("vhost", "trace", "on", "nosuch").status()).isEqualTo(1);
        Connection connection = connect("alice", "p", "Größe /1");
        does("user", "passwd", "alice", "--password=q");
        assertThat(connect("alice", "q", "Größe /1").isOpen()).isTrue();
        does("user", "tags", "alice", "administrator");
        does("permission", "clear", "--vhost=Größe /1", "alice");
        does("user", "delete", "alice");
        eventually(() -> assertThat(connection.isOpen()).isFalse());
        does("vhost", "delete", "Größe /1");
    }

    @Test
    void a_hash_of_rabbitmq_is_imported() throws Exception {
        does("user", "import-hash", "imported", "HT7gop7ZkKBAGrVkBcUG6PaHtbMFxJ/bXoIT9CLwA5Uja9zm");
        does("permission", "set", "imported", ".*", ".*", ".*");
        assertThat(connect("imported", "p", "/").isOpen()).isTrue();
    }

    @Test
    void policies_limits_parameters_and_topics_are_set_listed_and_cleared() {
        does("policy", "set", "p", "^q", "{\"max-length\": 5}", "--apply-to=queues");
        does("policy", "set", "--operator", "o", ".*", "{\"expires\": 5000}", "--priority=3");
        assertThat(run("policy", "list", "-o", "tsv").out())
                .isEqualTo("/\tp\t^q\tqueues\t{\"max-length\":5}\t0\n");
        assertThat(run("policy", "list", "--operator", "-o", "tsv").out())
                .isEqualTo("/\to\t.*\tall\t{\"expires\":5000}\t3\n");
        does("policy", "clear", "p");
        does("policy", "clear", "--operator", "o");
        assertThat(run("policy", "set", "p", "a", "{\"nosuch\": 1}").err())
                .contains("are not recognised policy settings");
        does("limit", "set", "max-queues", "7");
        does("limit", "set", "--user=guest", "max-channels", "9");
        assertThat(run("limit", "list", "-o", "tsv").out()).isEqualTo("/\t{\"max-queues\":7}\n");
        assertThat(run("limit", "list", "--users", "-o", "tsv").out())
                .isEqualTo("guest\t{\"max-channels\":9}\n");
        does("limit", "clear", "max-queues");
        does("limit", "clear", "--user=guest", "max-channels");
        does("parameter", "set", "site", "Lima");
        does("parameter", "set", "sizes", "[1,2]");
        assertThat(run("parameter", "list", "-o", "tsv").out())
                .isEqualTo("site\tLima\nsizes\t1,2\n");
        does("parameter", "clear", "site");
        does("permission", "set-topic", "guest", "amq.topic", "^{username}", ".*");
        assertThat(run("permission", "list-topics", "-o", "tsv").out())
                .isEqualTo("/\tguest\tamq.topic\t^{username}\t.*\n");
        does("permission", "clear-topic", "guest");
    }

    @Test
    void definitions_are_exported_and_imported(@TempDir Path directory) throws Exception {
        does("vhost", "add", "v");
        Path file = directory.resolve("definitions.json");
        does("definitions", "export", file.toString());
        assertThat(Files.readString(file)).contains("\"name\":\"v\"");
        does("vhost", "delete", "v");
        does("definitions", "import", file.toString());
        assertThat(run("vhost", "list", "-o", "tsv").out()).isEqualTo("/\tfalse\nv\tfalse\n");
    }

    @Test
    void a_password_is_read_from_standard_input() throws Exception {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream("geheim ü\nrest\n".getBytes(UTF_8)));
        try {
            does("user", "add", "bob");
        } finally {
            System.setIn(before);
        }
        does("permission", "set", "bob", ".*", ".*", ".*");
        assertThat(connect("bob", "geheim ü", "/").isOpen()).isTrue();
    }

    @Test
    void queues_and_connections_are_listed_and_a_connection_is_closed() throws Exception {
        Connection connection = broker.connect();
        Channel channel = connection.createChannel();
        channel.queueDeclare("q\u001b[2J", true, false, false, Map.of());
        channel.basicPublish("", "q\u001b[2J", null, new byte[1]);
        eventually(() ->
                assertThat(run("queue", "list", "-o", "tsv").out())
                        .isEqualTo("/\tq?[2J\ttrue\t1\t0\t0\n"));
        assertThat(run("status", "-o", "json").out())
                .contains("\"queues\":1")
                .contains("\"messages_ready\":1");
        String listed = run("connection", "list", "-o", "tsv").out();
        assertThat(listed).contains("\tguest\t/\tAMQP 0-9-1\t");
        does("connection", "close", listed.substring(0, listed.indexOf('\t')), "go away");
        eventually(() -> assertThat(connection.isOpen()).isFalse());
        assertThat(connection.getCloseReason().getMessage()).contains("go away");
    }

    @Test
    void what_was_answered_survives_a_kill(@TempDir Path directory) throws Exception {
        try (ChildBroker child = ChildBroker.launch(directory, "password-iterations=1000")) {
            child.awaitReady();
            assertThat(run(directory, "vhost", "add", "v").status()).isZero();
            assertThat(run(directory, "user", "add", "u", "--password=p").status()).isZero();
            assertThat(run(directory, "permission", "set", "--vhost=v", "u", "", "", "x").status())
                    .isZero();
            assertThat(run(directory, "user", "delete", "guest").status()).isZero();
        }
        try (ChildBroker child = ChildBroker.launch(directory, "password-iterations=1000")) {
            child.awaitReady();
            assertThat(run(directory, "permission", "list", "-o", "tsv").out())
                    .isEqualTo("v\tu\t\t\tx\n");
            assertThat(run(directory, "user", "list", "-o", "tsv").out())
                    .isEqualTo("u\t\tpbkdf2_hmac_sha512\n");
        }
    }

    @Test
    void what_is_refused_is_told_in_one_line_and_by_the_exit_status(@TempDir Path nobody) {
        assertThat(run("user", "delete", "nosuch"))
                .isEqualTo(new Ended(1, "", "chasqui: no user 'nosuch'\n"));
        assertThat(run("permission", "set", "guest", "(a", "", "").err())
                .contains("invalid regular expression: missing closing parenthesis");
        assertThat(run("permission", "set", "--vhost=nosuch", "guest", "", "", "").status())
                .isEqualTo(1);
        assertThat(run("user", "add").status()).isEqualTo(2);
        assertThat(run(nobody, "status").status()).isEqualTo(3);
        assertThat(run(nobody, "status").err()).startsWith("chasqui: cannot reach a broker at ");
    }

    @Test
    void an_alarm_is_raised_and_cleared_by_hand() throws Exception {
        Alarms alarms = broker.broker().alarms();
        does("alarm", "set", "disk");
        assertThat(alarms.publishersBlocked()).isTrue();
        assertThat(run("alarm", "list", "--output=tsv").out()).isEqualTo("disk\ttrue\n");
        alarms.set(Alarms.Shortage.MEMORY, true);
        does("alarm", "clear", "disk");
        assertThat(run("alarm", "list", "--output=tsv").out()).isEqualTo("memory\tfalse\n");
        does("alarm", "clear", "memory");
        assertThat(alarms.publishersBlocked()).isTrue();
        assertThat(run("alarm", "set", "luck").err()).contains("no alarm 'luck': memory or disk");
    }

    @Test
    void some_settings_are_changed_while_the_broker_runs() throws Exception {
        does("runtime", "set", "limits.channel-max", "7");
        assertThat(run("runtime", "get", "limits.channel-max").out()).isEqualTo("7\n");
        assertThat(broker.connect().getChannelMax()).isEqualTo(7);
        assertThat(run("runtime", "get", "loopback-users").out()).isEqualTo("guest\n");
        does("runtime", "set", "loopback-users", "");
        assertThat(run("runtime", "get", "loopback-users").out()).isEqualTo("\n");
        does("runtime", "set", "memory.high-watermark", "0.000001");
        assertThat(broker.broker().alarms().publishersBlocked()).isTrue();
        does("runtime", "set", "memory.high-watermark", "0.8");
        eventually(() -> assertThat(broker.broker().alarms().publishersBlocked()).isFalse());
        assertThat(run("runtime", "set", "limits.channel-max", "x").err())
                .contains("'x' is no value for 'limits.channel-max'");
        assertThat(run("runtime", "set", "nope", "x").err())
                .contains("no setting 'nope' can be changed while the broker runs");
    }
}
