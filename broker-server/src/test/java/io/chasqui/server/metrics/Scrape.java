package io.chasqui.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One scrape, read as strictly as Prometheus' own checker does: every sample belongs to the family
 * whose heading is above it, no family and no sample comes twice, histograms add up.
 */
final class Scrape {

    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"(,|$)");
    private static final Set<String> TYPES =
            Set.of("counter", "gauge", "histogram", "summary", "untyped");

    /** By family: its type. */
    private final Map<String, String> types = new LinkedHashMap<>();

    private final Map<String, String> helps = new LinkedHashMap<>();
    private final Map<Sample, Double> samples = new LinkedHashMap<>();

    record Sample(String name, Map<String, String> labels) {}

    static Scrape of(URI uri) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    client.send(
                            HttpRequest.newBuilder(uri).build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-type"))
                    .hasValueSatisfying(
                            type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
            return new Scrape(answer.body());
        }
    }

    Scrape(String text) {
        assertThat(text).endsWith("\n");
        String family = "";
        for (String line : text.split("\n")) {
            if (line.startsWith("# HELP ")) {
                String[] words = line.split(" ", 4);
                family = words[2];
                assertThat(helps.put(family, words[3])).as("second HELP: " + line).isNull();
                assertThat(words[3]).as(line).isNotBlank().isNotEqualTo("null");
            } else if (line.startsWith("# TYPE ")) {
                String[] words = line.split(" ");
                assertThat(words[2]).as("TYPE follows HELP").isEqualTo(family);
                assertThat(words[3]).isIn(TYPES);
                assertThat(types.put(family, words[3])).as("second TYPE: " + line).isNull();
            } else {
                sample(family, line);
            }
        }
        types.forEach((name, type) -> {
            if (type.equals("histogram")) {
                checkHistogram(name);
            }
        });
    }

    private void sample(String family, String line) {
        Matcher matcher = SAMPLE.matcher(line);
        assertThat(matcher.matches()).as("a sample: " + line).isTrue();
        String name = matcher.group(1);
        List<String> allowed =
                "histogram".equals(types.get(family))
                        ? List.of(family + "_bucket", family + "_sum", family + "_count")
                        : List.of(family);
        assertThat(name).as("in its family: " + line).isIn(allowed);
        if ("counter".equals(types.get(family))) {
            assertThat(name).endsWith("_total");
        }
        Sample sample = new Sample(name, labels(matcher.group(2) == null ? "" : matcher.group(2)));
        assertThat(samples.put(sample, value(matcher.group(3)))).as("twice: " + line).isNull();
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new TreeMap<>();
        Matcher matcher = LABEL.matcher(text);
        int end = 0;
        while (end < text.length()) {
            assertThat(matcher.find(end) && matcher.start() == end).as("labels: " + text).isTrue();
            String value =
                    matcher.group(2)
                            .replace("\\n", "\n")
                            .replace("\\\"", "\"")
                            .replace("\\\\", "\\");
            assertThat(labels.put(matcher.group(1), value)).isNull();
            end = matcher.end();
        }
        return labels;
    }

    private static double value(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private void checkHistogram(String name) {
        Map<Map<String, String>, List<Double>> bounds = new LinkedHashMap<>();
        Map<Map<String, String>, List<Double>> counts = new LinkedHashMap<>();
        samples.forEach((sample, value) -> {
            if (sample.name.equals(name + "_bucket")) {
                Map<String, String> others = new TreeMap<>(sample.labels);
                String le = others.remove("le");
                bounds.computeIfAbsent(others, _ -> new ArrayList<>()).add(value(le));
                counts.computeIfAbsent(others, _ -> new ArrayList<>()).add(value);
            }
        });
        bounds.forEach((labels, of) -> {
            assertThat(of).as(name).isSorted().doesNotHaveDuplicates();
            assertThat(of.getLast()).isEqualTo(Double.POSITIVE_INFINITY);
            assertThat(counts.get(labels)).as(name).isSorted();
            assertThat(samples)
                    .containsEntry(
                            new Sample(name + "_count", labels), counts.get(labels).getLast())
                    .containsKey(new Sample(name + "_sum", labels));
        });
    }

    /** The value of the only sample with this name and at least these labels. */
    double value(String name, String... labels) {
        List<Double> found = new ArrayList<>();
        samples.forEach((sample, value) -> {
            if (sample.name.equals(name) && has(sample, labels)) {
                found.add(value);
            }
        });
        assertThat(found).as(name).hasSize(1);
        return found.getFirst();
    }

    private static boolean has(Sample sample, String... labels) {
        for (int i = 0; i < labels.length; i += 2) {
            if (!labels[i + 1].equals(sample.labels.get(labels[i]))) {
                return false;
            }
        }
        return true;
    }

    Set<Sample> samples() {
        return samples.keySet();
    }

    Set<String> names() {
        Set<String> names = new TreeSet<>();
        samples.keySet().forEach(sample -> names.add(sample.name));
        return names;
    }

    Map<String, String> types() {
        return types;
    }

    Map<String, String> helps() {
        return helps;
    }
}
