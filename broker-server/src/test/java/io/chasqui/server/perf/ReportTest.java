package io.chasqui.server.perf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReportTest {

    private static final long TWO_SECONDS = 2_000_000_000L;

    @Test
    void a_line_gives_rates_and_the_latencies_there_are() {
        Sample sample = Sample.at(TWO_SECONDS).plusConsumer(3000, latency(1_000_000));
        assertThat(Report.line(7, sample))
                .startsWith("   7 s  sent 0/s  confirmed 0/s  received 1,500/s")
                .contains("latency ms p50 1.0")
                .doesNotContain("confirm ms");
    }

    @Test
    void a_summary_is_what_was_measured_after_the_warm_up() {
        Sample begin = Sample.at(0).plusPublisher(10, 10, 0, latency(1));
        Sample end = Sample.at(TWO_SECONDS).plusPublisher(30, 20, 5, latency(1));
        assertThat(Report.summary(end.since(begin)).lines())
                .map(String::strip)
                .containsExactly(
                        "measured               2.0 s",
                        "sent                    10/s",
                        "confirmed                5/s",
                        "nacked                   3/s",
                        "received                 0/s");
    }

    @Test
    void json_has_the_same_keys_always() {
        assertThat(Report.json(Sample.at(TWO_SECONDS).plusConsumer(1, latency(64_000_000))))
                .isEqualTo(
                        "{\"seconds\":2.000,\"sentPerSecond\":0.0,\"confirmedPerSecond\":0.0,"
                                + "\"nackedPerSecond\":0.0,\"receivedPerSecond\":0.5,"
                                + "\"latencyMs\":{\"p50\":64.487,\"p99\":64.487,\"p999\":64.487,"
                                + "\"max\":64.487},\"confirmLatencyMs\":null,\"brokerCpuUs\":null}");
    }

    @Test
    void the_brokers_processor_time_is_that_of_a_message() {
        Sample sample = Sample.at(TWO_SECONDS, 3_000_000).plusPublisher(100, 0, 0, Latencies.NONE);
        assertThat(Report.summary(sample)).contains("30.00 us of its processor");
        assertThat(Report.json(sample)).contains("\"brokerCpuUs\":30.000");
    }

    private static Latencies latency(long nanos) {
        Histogram histogram = new Histogram();
        histogram.record(nanos);
        return histogram.snapshot();
    }
}
