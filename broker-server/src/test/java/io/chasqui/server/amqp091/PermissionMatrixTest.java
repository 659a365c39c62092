package io.chasqui.server.amqp091;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.ShutdownSignalException;
import io.chasqui.core.definition.PermissionDefinition;
import io.chasqui.server.testing.RunningBroker;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation under every combination of permissions has the outcome, scope, code and text that
 * RabbitMQ 4.3.6 gave to the same one in the same order.
 */
class PermissionMatrixTest {

    private static final String RECORDED = "/permissions-rabbitmq-4.3.6.tsv";

    private static final Map<String, List<String>> PERMISSIONS =
            Map.of(
                    "none", List.of("", "", ""),
                    "configure", List.of(".*", "", ""),
                    "write", List.of("", ".*", ""),
                    "read", List.of("", "", ".*"),
                    "configure write", List.of(".*", ".*", ""),
                    "configure read", List.of(".*", "", ".*"),
                    "write read", List.of("", ".*", ".*"),
                    "all", List.of(".*", ".*", ".*"),
                    "named", List.of("^nq$", "^(q1|x1)$", "q1"));

    @FunctionalInterface
    interface Operation {
        void run(Channel channel) throws IOException, InterruptedException;
    }

    private static final Map<String, Operation> OPERATIONS = operations();

    private static Map<String, Operation> operations() {
        Map<String, Operation> of = new LinkedHashMap<>();
        of.put("xdecl new", ch -> ch.exchangeDeclare("nx", "direct"));
        of.put("xdecl exists", ch -> ch.exchangeDeclare("x1", "direct", true));
        of.put("xdecl exists other", ch -> ch.exchangeDeclare("x1", "fanout", true));
        of.put("xdecl default", ch -> ch.exchangeDeclare("", "direct"));
        of.put("xdecl amq.", ch -> ch.exchangeDeclare("amq.foo", "direct"));
        of.put("xdecl badtype", ch -> ch.exchangeDeclare("nx", "nosuch"));
        of.put("xdecl passive exists", ch -> ch.exchangeDeclarePassive("x1"));
        of.put("xdecl passive missing", ch -> ch.exchangeDeclarePassive("nosuch"));
        of.put("xdecl passive default", ch -> ch.exchangeDeclarePassive(""));
        of.put("xdel", ch -> ch.exchangeDelete("x9"));
        of.put("xdel default", ch -> ch.exchangeDelete(""));
        of.put("xdel amq.", ch -> ch.exchangeDelete("amq.direct"));
        of.put("qdecl new", ch -> declare(ch, "nq", false, Map.of()));
        of.put("qdecl exists", ch -> declare(ch, "q1", true, Map.of()));
        of.put("qdecl exists other", ch -> declare(ch, "q1", false, Map.of()));
        of.put("qdecl anon", ch -> ch.queueDeclare("", false, true, false, Map.of()));
        of.put("qdecl amq.", ch -> declare(ch, "amq.foo", false, Map.of()));
        of.put("qdecl badarg", ch -> declare(ch, "nq", false, Map.of("x-message-ttl", -1)));
        of.put("qdecl badarg exists", ch -> declare(ch, "q1", true, Map.of("x-message-ttl", -1)));
        of.put("qdecl badtype", ch -> declare(ch, "nq", false, Map.of("x-queue-type", "zzz")));
        of.put("qdecl passive exists", ch -> ch.queueDeclarePassive("q1"));
        of.put("qdecl passive missing", ch -> ch.queueDeclarePassive("nosuch"));
        of.put("qdel", ch -> ch.queueDelete("nq2"));
        of.put("bind", ch -> ch.queueBind("q1", "x1", "k"));
        of.put("bind default", ch -> ch.queueBind("q1", "", "k"));
        of.put("bind missing q", ch -> ch.queueBind("nosuch", "x1", "k"));
        of.put("bind missing x", ch -> ch.queueBind("q1", "nosuch", "k"));
        of.put("unbind", ch -> ch.queueUnbind("q1", "x1", "k"));
        of.put("unbind missing", ch -> ch.queueUnbind("nosuch", "nosuch", "k"));
        of.put("xbind", ch -> ch.exchangeBind("x1", "x2", "k"));
        of.put("xbind missing dst", ch -> ch.exchangeBind("nosuch", "x2", "k"));
        of.put("xbind missing src", ch -> ch.exchangeBind("x1", "nosuch", "k"));
        of.put("xbind default dst", ch -> ch.exchangeBind("", "x2", "k"));
        of.put("xbind default src", ch -> ch.exchangeBind("x1", "", "k"));
        of.put("xunbind", ch -> ch.exchangeUnbind("x1", "x2", "k"));
        of.put("xunbind missing", ch -> ch.exchangeUnbind("nosuch", "nosuch", "k"));
        of.put("xunbind default", ch -> ch.exchangeUnbind("", "x2", "k"));
        of.put("purge", ch -> ch.queuePurge("q1"));
        of.put("purge missing", ch -> ch.queuePurge("nosuch"));
        of.put("get", ch -> ch.basicGet("q1", true));
        of.put("get missing", ch -> ch.basicGet("nosuch", false));
        of.put("consume", ch -> ch.basicConsume("q1", new DefaultConsumer(ch)));
        of.put("consume missing", ch -> ch.basicConsume("nosuch", new DefaultConsumer(ch)));
        of.put("pub x1", ch -> publish(ch, "x1", "q1", MessageProperties.BASIC));
        of.put("pub default", ch -> publish(ch, "", "q1", MessageProperties.BASIC));
        of.put("pub missing", ch -> publish(ch, "nosuch", "q1", MessageProperties.BASIC));
        of.put("pub internal", ch -> publish(ch, "int", "q1", MessageProperties.BASIC));
        of.put("pub full", ch -> publish(ch, "x1", "k", MessageProperties.BASIC));
        of.put("pub amq.topic", ch -> publish(ch, "amq.topic", "q1", MessageProperties.BASIC));
        of.put(
                "pub userid",
                ch ->
                        publish(
                                ch,
                                "x1",
                                "q1",
                                new AMQP.BasicProperties.Builder().userId("guest").build()));
        of.put("qdecl dlx", ch -> exclusive(ch, "qdlx", Map.of("x-dead-letter-exchange", "dx")));
        of.put(
                "qdecl dlx default",
                ch -> exclusive(ch, "qdlx2", Map.of("x-dead-letter-exchange", "")));
        of.put(
                "xdecl ae",
                ch ->
                        ch.exchangeDeclare(
                                "xae", "direct", false, true, Map.of("alternate-exchange", "ax")));
        return of;
    }

    private static void declare(
            Channel channel, String queue, boolean durable, Map<String, Object> arguments)
            throws IOException {
        channel.queueDeclare(queue, durable, false, false, arguments);
    }

    private static void exclusive(Channel channel, String queue, Map<String, Object> arguments)
            throws IOException {
        channel.queueDeclare(queue, false, true, false, arguments);
    }

    private static void publish(
            Channel channel, String exchange, String key, AMQP.BasicProperties properties)
            throws IOException, InterruptedException {
        channel.confirmSelect();
        channel.basicPublish(exchange, key, properties, new byte[] {'x'});
        channel.waitForConfirms();
    }

    static Stream<String> permissions() {
        return PERMISSIONS.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("permissions")
    void every_operation_answers_as_rabbitmq_does(String permissions) throws Exception {
        try (RunningBroker broker = RunningBroker.start()) {
            try (Connection guest = broker.factory().newConnection();
                    Channel channel = guest.createChannel()) {
                declare(channel, "q1", true, Map.of());
                channel.exchangeDeclare("x1", "direct", true);
                channel.exchangeDeclare("x2", "fanout", true);
                channel.exchangeDeclare("int", "fanout", false, false, true, Map.of());
                ConnectionFactory restricted = userWith(broker, PERMISSIONS.get(permissions));
                List<String> expected = recorded(permissions);
                List<String> actual = new ArrayList<>();
                for (String name : operationsIn(expected)) {
                    actual.add(name + "\t" + outcome(restricted, OPERATIONS.get(name)));
                }
                assertThat(actual).containsExactlyElementsOf(expected);
            }
        }
    }

    private static ConnectionFactory userWith(RunningBroker broker, List<String> of) {
        broker.addUser("u1", "p");
        broker.broker()
                .administration()
                .setPermission(
                        "/", new PermissionDefinition("u1", of.get(0), of.get(1), of.get(2)));
        ConnectionFactory factory = broker.factory();
        factory.setUsername("u1");
        factory.setPassword("p");
        return factory;
    }

    private static List<String> operationsIn(List<String> lines) {
        return lines.stream().map(line -> line.substring(0, line.indexOf('\t'))).toList();
    }

    private static List<String> recorded(String permissions) throws IOException {
        try (InputStream in = PermissionMatrixTest.class.getResourceAsStream(RECORDED)) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(permissions + "\t"))
                    .map(line -> line.substring(permissions.length() + 1))
                    .toList();
        }
    }

    static String outcome(ConnectionFactory factory, Operation operation) throws Exception {
        try (Connection connection = factory.newConnection()) {
            Channel channel = connection.createChannel();
            try {
                operation.run(channel);
                return "ok\t";
            } catch (AlreadyClosedException closed) {
                return described(closed);
            } catch (IOException refused) {
                if (refused.getCause() instanceof ShutdownSignalException signal) {
                    return described(signal);
                }
                throw refused;
            } catch (ShutdownSignalException signal) {
                return described(signal);
            }
        }
    }

    private static String described(ShutdownSignalException signal) {
        Method reason = signal.getReason();
        String text =
                switch (reason) {
                    case AMQP.Channel.Close close ->
                            "channel " + close.getReplyCode() + "\t" + close.getReplyText();
                    case AMQP.Connection.Close close ->
                            "connection " + close.getReplyCode() + "\t" + close.getReplyText();
                    default -> String.valueOf(reason);
                };
        return text.replaceAll("amq\\.gen-[A-Za-z0-9_-]+", "amq.gen-*");
    }
}
