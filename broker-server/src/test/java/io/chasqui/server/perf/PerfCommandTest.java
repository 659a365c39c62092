package io.chasqui.server.perf;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.server.testing.RunningBroker;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Short runs against a running broker. */
class PerfCommandTest {

    private static final String RATE = "[1-9][0-9.]*,";

    private static RunningBroker broker;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() throws Exception {
        broker = RunningBroker.start();
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
    }

    @Test
    void a_work_queue_with_confirms_and_acknowledgements_shows_both_latencies() {
        String load =
                "queue --durable --persistent --confirm 100 --prefetch 100 --ack-every 10"
                        + " --publishers 2 --consumers 2 --size 200 --rate 2000";
        assertThat(run(load)).isZero();
        assertThat(out.toString())
                .containsPattern("\"sentPerSecond\":" + RATE)
                .containsPattern("\"confirmedPerSecond\":" + RATE)
                .containsPattern("\"receivedPerSecond\":" + RATE)
                .contains("\"latencyMs\":{", "\"confirmLatencyMs\":{");
    }

    @Test
    void a_fanout_delivers_a_copy_to_each_consumer() {
        assertThat(run("fanout --consumers 3 --rate 500 --size 300000")).isZero();
        assertThat(out.toString()).containsPattern("\"receivedPerSecond\":" + RATE);
    }

    @Test
    void amqp_1_0_shows_both_latencies_too() {
        String load =
                "queue --protocol 1.0 --durable --persistent --confirm 100 --prefetch 100"
                        + " --ack-every 10 --publishers 2 --consumers 2 --size 200 --rate 2000";
        assertThat(run(load)).isZero();
        assertThat(out.toString())
                .containsPattern("\"sentPerSecond\":" + RATE)
                .containsPattern("\"confirmedPerSecond\":" + RATE)
                .containsPattern("\"receivedPerSecond\":" + RATE)
                .contains("\"latencyMs\":{", "\"confirmLatencyMs\":{");
    }

    @Test
    void amqp_1_0_sends_settled_messages_of_several_frames_through_a_fanout() {
        assertThat(run("fanout --protocol 1.0 --consumers 3 --rate 500 --size 300000")).isZero();
        assertThat(out.toString())
                .containsPattern("\"receivedPerSecond\":" + RATE)
                .contains("\"latencyMs\":{")
                .doesNotContain("\"confirmLatencyMs\":{");
    }

    @Test
    void an_address_of_amqp_1_0_is_used_as_it_is() {
        assertThat(run("queue --protocol 1.0 --address /queues/nowhere")).isEqualTo(1);
        assertThat(err.toString()).contains("amqp:not-found no queue 'nowhere' in vhost '/'");
        assertThat(run("queue --address /queues/nowhere")).isEqualTo(2);
    }

    @Test
    void confirms_are_waited_for_by_default() {
        assertThat(run("confirms --persistent --rate 500")).isZero();
        assertThat(out.toString()).contains("\"confirmLatencyMs\":{");
    }

    @Test
    void a_refusal_is_told_in_the_brokers_words() {
        assertThat(run("queue", "--url", url() + "/nowhere")).isEqualTo(1);
        assertThat(err.toString()).contains("NOT_ALLOWED - vhost nowhere not found");
    }

    @Test
    void a_value_out_of_bounds_is_a_usage_error() {
        assertThat(run("queue --prefetch 10 --ack-every 20")).isEqualTo(2);
        assertThat(err.toString()).contains("--ack-every must be from 0 to 10, not 20");
    }

    private int run(String load) {
        return run(
                Stream.concat(Arrays.stream(load.split(" ")), Stream.of("--url", url()))
                        .toArray(String[]::new));
    }

    private int run(String... arguments) {
        String[] all =
                Stream.concat(
                                Arrays.stream(arguments),
                                Stream.of("--seconds", "1", "--warm-up", "0", "--json"))
                        .toArray(String[]::new);
        return new CommandLine(new PerfCommand(System::nanoTime))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all);
    }

    private static String url() {
        return "amqp://127.0.0.1:" + broker.port();
    }
}
