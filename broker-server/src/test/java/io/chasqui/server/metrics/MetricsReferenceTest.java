package io.chasqui.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import io.chasqui.server.testing.RunningBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** docs/metrics.md lists every metric, as a scrape names and explains it. */
class MetricsReferenceTest {

    private static final Path PAGE = Path.of("../docs/metrics.md");
    private static final String MARK = "<!-- What follows is made by MetricsReferenceTest. -->\n";

    @Test
    void the_page_lists_what_is_scraped() throws Exception {
        try (RunningBroker broker = RunningBroker.start()) {
            Channel channel = broker.connect().createChannel();
            channel.queueDeclare("q", true, false, false, null);
            channel.confirmSelect();
            channel.basicPublish("", "q", null, new byte[1]);
            channel.waitForConfirmsOrDie(10_000);
            long tag = channel.basicGet("q", false).getEnvelope().getDeliveryTag();
            channel.basicAck(tag, false);
            channel.queueDeclarePassive("q");
            String reference =
                    "\n## `/metrics`\n\n"
                            + table(Scrape.of(broker.metrics("/metrics")))
                            + "\n## `/metrics/per-object`\n\n"
                            + table(Scrape.of(broker.metrics("/metrics/per-object")));
            String page = Files.readString(PAGE);
            String written = page.substring(0, page.indexOf(MARK) + MARK.length()) + reference;
            if (Boolean.getBoolean("chasqui.regenerate")) {
                Files.writeString(PAGE, written);
            }
            assertThat(Files.readString(PAGE))
                    .as("run the tests with -Dchasqui.regenerate=true and commit the result")
                    .isEqualTo(written);
        }
    }

    private static String table(Scrape scrape) {
        Map<String, TreeSet<String>> labels = new TreeMap<>();
        scrape.samples()
                .forEach(sample -> {
                    String family = sample.name();
                    if (!scrape.types().containsKey(family)) {
                        family = family.substring(0, family.lastIndexOf('_'));
                    }
                    labels.computeIfAbsent(family, _ -> new TreeSet<>())
                            .addAll(sample.labels().keySet());
                });
        StringBuilder text =
                new StringBuilder("| metric | type | labels | meaning |\n|---|---|---|---|\n");
        labels.forEach((family, names) ->
                text.append("| `")
                        .append(family)
                        .append("` | ")
                        .append(scrape.types().get(family))
                        .append(" | ")
                        .append(String.join(", ", names))
                        .append(" | ")
                        .append(scrape.helps().get(family))
                        .append(" |\n"));
        return text.toString();
    }
}
