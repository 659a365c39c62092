package io.chasqui.core.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.boot.CoreFixture.Client;
import io.chasqui.core.boot.CoreFixture.Inbox;
import io.chasqui.core.boot.CoreFixture.Received;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.queue.Settlement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody took a segment of the log away: its messages are lost, and everything else goes on. */
class GoneSegmentTest {

    private static final int MESSAGES = 60;
    private static final String PADDING = "x".repeat(1000);

    @TempDir private Path directory;

    /** A queue whose messages lie in several segments, the first of which is gone. */
    private void fillAndTakeAway(Map<String, Object> arguments) throws IOException {
        try (CoreFixture fixture = new CoreFixture(directory, 1, PowerCuts.options())) {
            Client client = fixture.client(0);
            client.declare("dead", true);
            client.declare("q", true, arguments);
            for (int i = 0; i < MESSAGES; i++) {
                client.publish("", "q", true, i + PADDING);
            }
        }
        try (Stream<Path> files = Files.list(directory.resolve("log"))) {
            List<Path> segments =
                    files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
            assertThat(segments).hasSizeGreaterThan(3);
            Files.delete(segments.getFirst());
        }
    }

    private static int number(Received received) {
        return Integer.parseInt(received.body().replace(PADDING, ""));
    }

    private static void eventually(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("20 s are over").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private static Queue queue(CoreFixture fixture, String name) {
        return fixture.broker.vhosts().existing("/").existingQueue(name, 0);
    }

    @Test
    void a_consumer_gets_what_is_left_and_the_queue_holds_nothing_more() throws IOException {
        fillAndTakeAway(Map.of());
        int lost;
        try (CoreFixture fixture = new CoreFixture(directory, 1, PowerCuts.options())) {
            Client client = fixture.client(0);
            assertThat(client.check("q").ready()).isEqualTo(MESSAGES);
            Inbox inbox = client.consume("q", false, 0);
            Received received = inbox.next();
            lost = number(received);
            assertThat(lost).isBetween(1, MESSAGES - 1);
            for (int i = lost; i < MESSAGES; i++) {
                assertThat(number(received)).isEqualTo(i);
                client.settle(received, Settlement.ACKNOWLEDGED);
                received = i + 1 < MESSAGES ? inbox.next() : received;
            }
            eventually(() -> queue(fixture, "q").ready() + queue(fixture, "q").unacked() == 0);
            assertThat(fixture.broker.shards().getFirst().counters().unreadable).isEqualTo(lost);
        }
        try (CoreFixture fixture = new CoreFixture(directory, 1, PowerCuts.options())) {
            assertThat(fixture.client(0).check("q").ready()).as("they stay dropped").isZero();
        }
    }

    @Test
    void a_message_that_dies_and_is_not_there_is_dropped() throws IOException {
        fillAndTakeAway(
                Map.of(
                        "x-dead-letter-exchange", "",
                        "x-dead-letter-routing-key", "dead",
                        "x-max-length", MESSAGES));
        try (CoreFixture fixture = new CoreFixture(directory, 1, PowerCuts.options())) {
            Client client = fixture.client(0);
            for (int i = 0; i < MESSAGES; i++) {
                client.publish("", "q", true, "new" + PADDING);
            }
            eventually(() ->
                    queue(fixture, "dead").ready()
                                    + fixture.broker.shards().getFirst().counters().unreadable
                            == MESSAGES);
            assertThat(client.check("q").ready()).isEqualTo(MESSAGES);
            assertThat(queue(fixture, "dead").ready()).isBetween(1L, MESSAGES - 1L);
            assertThat(queue(fixture, "q").unacked()).isZero();
        }
    }
}
