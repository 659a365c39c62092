package io.chasqui.server.amqp091;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.chasqui.server.testing.ManagementClient;
import io.chasqui.server.testing.RunningBroker;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Every operation with a routing key has the outcome that RabbitMQ 4.3.6 gave to it under the same topic
 * permission.
 *
 * <p>{@code -Dchasqui.matrix.http=http://127.0.0.1:15672 -Dchasqui.matrix.amqp=5672} name a RabbitMQ
 * from which the answers are recorded anew, into {@code src/test/resources}.
 */
class TopicPermissionMatrixTest {

    private static final String RECORDED = "topic-permissions-rabbitmq-4.3.6.tsv";
    private static final String PEER = System.getProperty("chasqui.matrix.http", "");
    private static final int PEER_AMQP = Integer.getInteger("chasqui.matrix.amqp", 5672);

    private static final String VHOST = "httptopics";
    private static final String USER = "httptopics-u";

    /** Of the exchange {@code t}: write, read. The first has none. */
    private static final Map<String, List<String>> PERMISSIONS = permissions();

    private static Map<String, List<String>> permissions() {
        Map<String, List<String>> of = new LinkedHashMap<>();
        of.put("none", List.of());
        of.put("empty", List.of("", ""));
        of.put("all", List.of(".*", ".*"));
        of.put("write a", List.of("^a$", ""));
        of.put("read a", List.of("", "^a$"));
        of.put("not anchored", List.of("a", "a"));
        of.put("username", List.of("^{username}$", "^{username}$"));
        of.put("vhost", List.of("^{vhost}\\.", "^{vhost}\\."));
        of.put("client id", List.of("^{client_id}$", "^{client_id}$"));
        of.put("no such variable", List.of("^{nosuch}$", "^{nosuch}$"));
        return of;
    }

    private static final Map<String, PermissionMatrixTest.Operation> OPERATIONS = operations();

    private static Map<String, PermissionMatrixTest.Operation> operations() {
        Map<String, PermissionMatrixTest.Operation> of = new LinkedHashMap<>();
        for (String key : List.of("a", "ba", "b", "", USER, VHOST + ".x", "{client_id}")) {
            of.put("pub t " + key, channel -> publish(channel, "t", key, Map.of()));
            of.put("bind t " + key, channel -> channel.queueBind("q", "t", key));
            of.put("unbind t " + key, channel -> channel.queueUnbind("q", "t", key));
            of.put("xbind t " + key, channel -> channel.exchangeBind("f", "t", key));
            of.put("xunbind t " + key, channel -> channel.exchangeUnbind("f", "t", key));
        }
        for (String list : List.of("CC", "BCC")) {
            of.put(
                    "pub t a with b in " + list,
                    channel -> publish(channel, "t", "a", Map.of(list, List.of("b"))));
            of.put(
                    "pub t b with a in " + list,
                    channel -> publish(channel, "t", "b", Map.of(list, List.of("a"))));
        }
        for (String exchange : List.of("f", "d", "h", "other", "through", "")) {
            of.put(
                    "pub '" + exchange + "' b",
                    channel -> publish(channel, exchange, "b", Map.of()));
        }
        of.put("bind d b", channel -> channel.queueBind("q", "d", "b"));
        of.put("bind other b", channel -> channel.queueBind("q", "other", "b"));
        of.put("xbind to t", channel -> channel.exchangeBind("t", "d", "b"));
        of.put("xunbind to t", channel -> channel.exchangeUnbind("t", "d", "b"));
        return of;
    }

    private static void publish(
            Channel channel, String exchange, String key, Map<String, Object> headers)
            throws IOException, InterruptedException {
        channel.confirmSelect();
        AMQP.BasicProperties properties =
                new AMQP.BasicProperties.Builder().headers(headers).build();
        channel.basicPublish(exchange, key, properties, new byte[1]);
        channel.waitForConfirms();
    }

    @Test
    void every_operation_answers_as_rabbitmq_does() throws Exception {
        if (!PEER.isEmpty()) {
            ConnectionFactory factory = new ConnectionFactory();
            factory.setPort(PEER_AMQP);
            try (ManagementClient guest = ManagementClient.at(URI.create(PEER), "guest", "guest")) {
                Files.write(Path.of("src/test/resources", RECORDED), answers(guest, factory));
                guest.delete("vhosts/" + VHOST);
                guest.delete("users/" + USER);
            }
        }
        try (RunningBroker broker = RunningBroker.start();
                ManagementClient guest = ManagementClient.of(broker)) {
            assertThat(answers(guest, broker.factory())).containsExactlyElementsOf(recorded());
        }
    }

    private static List<String> answers(ManagementClient guest, ConnectionFactory factory)
            throws Exception {
        Map<String, String> all = Map.of("configure", ".*", "write", ".*", "read", ".*");
        guest.put("vhosts/" + VHOST, Map.of());
        guest.put("users/" + USER, Map.of("password", "pw", "tags", ""));
        guest.put("permissions/" + VHOST + "/" + USER, all);
        factory.setVirtualHost(VHOST);
        declare(factory);
        factory.setUsername(USER);
        factory.setPassword("pw");
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, List<String>> permission : PERMISSIONS.entrySet()) {
            List<String> of = permission.getValue();
            if (!of.isEmpty()) {
                guest.put(
                        "topic-permissions/" + VHOST + "/" + USER,
                        Map.of("exchange", "t", "write", of.get(0), "read", of.get(1)));
            }
            for (Map.Entry<String, PermissionMatrixTest.Operation> each : OPERATIONS.entrySet()) {
                String outcome = PermissionMatrixTest.outcome(factory, each.getValue());
                lines.add(permission.getKey() + "\t" + each.getKey() + "\t" + outcome);
            }
        }
        return lines;
    }

    private static void declare(ConnectionFactory factory) throws Exception {
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            channel.queueDeclare("q", true, false, false, Map.of());
            channel.exchangeDeclare("t", BuiltinExchangeType.TOPIC);
            channel.exchangeDeclare("other", BuiltinExchangeType.TOPIC);
            channel.exchangeDeclare("f", BuiltinExchangeType.FANOUT);
            channel.exchangeDeclare("d", BuiltinExchangeType.DIRECT);
            channel.exchangeDeclare("h", BuiltinExchangeType.HEADERS);
            channel.exchangeDeclare("through", BuiltinExchangeType.FANOUT);
            channel.exchangeBind("t", "through", "");
        }
    }

    private static List<String> recorded() throws IOException {
        if (!PEER.isEmpty()) {
            return Files.readAllLines(Path.of("src/test/resources", RECORDED));
        }
        try (InputStream in = TopicPermissionMatrixTest.class.getResourceAsStream("/" + RECORDED)) {
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        }
    }
}
