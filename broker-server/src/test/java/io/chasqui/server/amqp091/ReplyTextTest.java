package io.chasqui.server.amqp091;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.ChannelMethod;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.Method;
import io.chasqui.protocol.amqp091.QueueMethod;
import io.chasqui.server.testing.RunningBroker;
import io.chasqui.server.testing.ScriptedPeer;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Refusals have the code, the scope and the text that RabbitMQ 4.3.6 gave to the same request.
 * Clients match on them.
 */
class ReplyTextTest {

    private static final int CHANNEL = ReplyScripts.CHANNEL;
    private static final String RECORDED = "/replies-rabbitmq-4.3.6.tsv";

    /** Not a refusal but a step between, or a line that other tests check. */
    private static final Set<String> ELSEWHERE = Set.of("rm", "bad password", "bad vhost");

    private static final Map<String, byte[]> SCRIPTS = ReplyScripts.all();

    private record Recorded(String name, String outcome, String text) {}

    private static List<Recorded> recorded() {
        try (InputStream in = ReplyTextTest.class.getResourceAsStream(RECORDED)) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .map(line -> line.split("\t", -1))
                    .filter(fields -> fields.length == 3)
                    .map(fields -> new Recorded(fields[0], fields[1], fields[2]))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<Recorded> replies() {
        return recorded().stream().filter(line -> !ELSEWHERE.contains(line.name()));
    }

    @ParameterizedTest
    @MethodSource("replies")
    void a_request_is_answered_as_rabbitmq_answers_it(Recorded line) throws Exception {
        assertThat(SCRIPTS).containsKey(line.name());
        try (RunningBroker broker = RunningBroker.start();
                ScriptedPeer other = broker.peer().opens().opensChannel(CHANNEL);
                ScriptedPeer peer = broker.peer().opens().opensChannel(CHANNEL)) {
            // A second connection holds what a script needs to be held by somebody else.
            other.sends(CHANNEL, ReplyScripts.queue("pq_ex", false, true, FieldTable.EMPTY));
            other.expects(CHANNEL, QueueMethod.DeclareOk.class);
            peer.sendsOctets(SCRIPTS.get(line.name()));
            check(line, lastAnswer(peer));
        }
    }

    /** The last answer to what was sent: the first close, else the answer to a final qos. */
    private static Method lastAnswer(ScriptedPeer peer) throws IOException {
        peer.sends(CHANNEL, new BasicMethod.Qos(0, 0, false));
        while (true) {
            ScriptedPeer.Heard heard = peer.hears();
            if (heard.type() == 1
                    && (heard.method() instanceof ChannelMethod.Close
                            || heard.method() instanceof ConnectionMethod.Close
                            || heard.method() instanceof BasicMethod.QosOk)) {
                return heard.method();
            }
        }
    }

    private static void check(Recorded line, Method answer) {
        String expected = line.outcome() + " " + line.text();
        switch (answer) {
            case ChannelMethod.Close close ->
                    assertThat("CHANNEL " + close.replyCode() + " " + close.replyText())
                            .isEqualTo(expected);
            case ConnectionMethod.Close close ->
                    assertThat("CONN " + close.replyCode() + " " + close.replyText())
                            .isEqualTo(expected);
            default -> assertThat(line.outcome()).isEqualTo("OK");
        }
    }
}
