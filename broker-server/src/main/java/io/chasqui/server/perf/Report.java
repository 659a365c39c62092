package io.chasqui.server.perf;

import java.util.Locale;
import java.util.StringJoiner;

/** Says in text or JSON what a {@link Sample} holds; latencies are in milliseconds. */
final class Report {

    private static final double NANOS_PER_MILLI = 1e6;

    private Report() {}

    /** One line, for one second of a run. */
    static String line(int second, Sample sample) {
        StringJoiner line = new StringJoiner("  ");
        line.add(String.format(Locale.ROOT, "%4d s", second));
        rates(line, sample, "%s %,d/s");
        if (!sample.delivery().isEmpty()) {
            line.add(latencies("latency", sample.delivery()));
        }
        if (!sample.confirm().isEmpty()) {
            line.add(latencies("confirm", sample.confirm()));
        }
        return line.toString();
    }

    private static String latencies(String name, Latencies latencies) {
        return String.format(
                Locale.ROOT,
                "%s ms p50 %.3f p99 %.3f max %.3f",
                name,
                latencies.percentile(0.5) / NANOS_PER_MILLI,
                latencies.percentile(0.99) / NANOS_PER_MILLI,
                latencies.max() / NANOS_PER_MILLI);
    }

    /** Several lines, for a whole run. */
    static String summary(Sample sample) {
        StringJoiner lines = new StringJoiner("\n");
        lines.add(String.format(Locale.ROOT, "%-10s %,15.1f s", "measured", sample.nanos() / 1e9));
        rates(lines, sample, "%-10s %,15d/s");
        if (!sample.delivery().isEmpty()) {
            lines.add(percentiles("latency", sample.delivery()));
        }
        if (!sample.confirm().isEmpty()) {
            lines.add(percentiles("confirm", sample.confirm()));
        }
        if (sample.brokerNanos() > 0) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "%-10s %15.2f us of its processor for a message sent",
                            "broker",
                            sample.brokerMicrosPerMessage()));
        }
        return lines.toString();
    }

    private static void rates(StringJoiner joiner, Sample sample, String format) {
        rate(joiner, sample, format, "sent", sample.sent());
        rate(joiner, sample, format, "confirmed", sample.confirmed());
        if (sample.nacked() > 0) {
            rate(joiner, sample, format, "nacked", sample.nacked());
        }
        rate(joiner, sample, format, "received", sample.received());
    }

    private static void rate(
            StringJoiner joiner, Sample sample, String format, String name, long count) {
        long rate = Math.round(sample.perSecond(count));
        joiner.add(String.format(Locale.ROOT, format, name, rate));
    }

    private static String percentiles(String name, Latencies latencies) {
        return String.format(
                Locale.ROOT,
                "%-10s %15.3f ms p50 %12.3f ms p99 %12.3f ms p99.9 %12.3f ms max",
                name,
                latencies.percentile(0.5) / NANOS_PER_MILLI,
                latencies.percentile(0.99) / NANOS_PER_MILLI,
                latencies.percentile(0.999) / NANOS_PER_MILLI,
                latencies.max() / NANOS_PER_MILLI);
    }

    /** One JSON object, for a whole run; a kind of latency nobody measured is null. */
    static String json(Sample sample) {
        return String.format(
                Locale.ROOT,
                "{\"seconds\":%.3f,\"sentPerSecond\":%.1f,\"confirmedPerSecond\":%.1f,"
                        + "\"nackedPerSecond\":%.1f,\"receivedPerSecond\":%.1f,"
                        + "\"latencyMs\":%s,\"confirmLatencyMs\":%s,\"brokerCpuUs\":%s}",
                sample.nanos() / 1e9,
                sample.perSecond(sample.sent()),
                sample.perSecond(sample.confirmed()),
                sample.perSecond(sample.nacked()),
                sample.perSecond(sample.received()),
                json(sample.delivery()),
                json(sample.confirm()),
                sample.brokerNanos() == 0
                        ? "null"
                        : String.format(Locale.ROOT, "%.3f", sample.brokerMicrosPerMessage()));
    }

    private static String json(Latencies latencies) {
        return latencies.isEmpty()
                ? "null"
                : String.format(
                        Locale.ROOT,
                        "{\"p50\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"max\":%.3f}",
                        latencies.percentile(0.5) / NANOS_PER_MILLI,
                        latencies.percentile(0.99) / NANOS_PER_MILLI,
                        latencies.percentile(0.999) / NANOS_PER_MILLI,
                        latencies.max() / NANOS_PER_MILLI);
    }
}
