package io.chasqui.core.boot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.boot.CoreFixture.Client;
import io.chasqui.core.boot.CoreFixture.Inbox;
import io.chasqui.core.boot.CoreFixture.Received;
import io.chasqui.core.definition.Arguments;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.queue.QueueSettings;
import io.chasqui.core.queue.Settlement;
import io.chasqui.core.time.TravellingClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages that die in a queue go to its dead letter exchange, whole, once and in order. */
class DeadLetterTest {

    private static final long HOUR_MS = 3_600_000;

    private static final Map<String, Object> TO_DEAD =
            Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "dead");

    @TempDir private Path directory;

    private final TravellingClock clock = new TravellingClock();
    private CoreFixture fixture;
    private Client client;

    @BeforeEach
    void open() throws IOException {
        open(1);
    }

    private void open(int shards) throws IOException {
        fixture = new CoreFixture(directory, shards, CoreFixture.options(), clock);
        client = fixture.client(0);
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private static void eventually(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time to wait").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private long ready(String queue) {
        return client.check(queue).ready();
    }

    private @Nullable String next(String queue) {
        Received received = client.get(queue, true);
        return received == null ? null : received.body();
    }

    private Queue queue(String name) {
        return Objects.requireNonNull(fixture.broker.vhosts().existing("/").queue(name));
    }

    private static Map<String, Object> with(
            Map<String, Object> arguments, String name, Object value) {
        Map<String, Object> more = new HashMap<>(arguments);
        more.put(name, value);
        return more;
    }

    @Test
    void what_expires_is_sent_on() {
        client.declare("dead", true);
        client.declare("q", true, with(TO_DEAD, "x-message-ttl", HOUR_MS));
        client.publish("", "q", true, "m");
        assertThat(ready("dead")).isZero();
        clock.advance(HOUR_MS);
        eventually(() -> ready("dead") == 1);
        assertThat(ready("q")).isZero();
        assertThat(next("dead")).isEqualTo("died expired q q\nm");
    }

    @Test
    void what_is_rejected_is_sent_on_and_counts_as_redelivered() {
        client.declare("dead", true);
        client.declare("q", true, TO_DEAD);
        client.publish("", "q", true, "m");
        client.settle(Objects.requireNonNull(client.get("q", false)), Settlement.REJECTED);
        eventually(() -> ready("dead") == 1);
        Received dead = Objects.requireNonNull(client.get("dead", true));
        assertThat(dead.body()).isEqualTo("died rejected q q\nm");
        assertThat(dead.redelivered()).isTrue();
    }

    @Test
    void a_letter_counts_as_redelivered_only_if_a_client_failed_with_its_message() {
        client.declare("dead", true);
        client.declare("q", true, with(TO_DEAD, "x-message-ttl", HOUR_MS));
        assertThat(redeliveredAfter(Settlement.DISCARDED)).isFalse();
        assertThat(redeliveredAfter(Settlement.RETURNED, Settlement.DISCARDED)).isFalse();
        assertThat(redeliveredAfter(Settlement.RETURNED)).isFalse();
        assertThat(redeliveredAfter(Settlement.RETURNED, Settlement.REJECTED)).isTrue();
        assertThat(redeliveredAfter(Settlement.REQUEUED, Settlement.DISCARDED)).isTrue();
        assertThat(redeliveredAfter(Settlement.REQUEUED)).isTrue();
    }

    /** What becomes of a message that is settled like this and expires if that does not kill it. */
    private boolean redeliveredAfter(Settlement... settlements) {
        client.publish("", "q", true, "m");
        for (Settlement settlement : settlements) {
            client.settle(Objects.requireNonNull(client.get("q", false)), settlement);
        }
        clock.advance(HOUR_MS);
        eventually(() -> ready("dead") == 1);
        return Objects.requireNonNull(client.get("dead", true)).redelivered();
    }

    @Test
    void a_failure_is_remembered_from_queue_to_queue() {
        client.declare("last", true);
        client.declare(
                "dead",
                true,
                Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "last"));
        client.declare("q", true, TO_DEAD);
        client.publish("", "q", true, "m");
        client.settle(Objects.requireNonNull(client.get("q", false)), Settlement.REJECTED);
        eventually(() -> ready("dead") == 1);
        client.settle(Objects.requireNonNull(client.get("dead", false)), Settlement.DISCARDED);
        eventually(() -> ready("last") == 1);
        assertThat(Objects.requireNonNull(client.get("last", true)).redelivered()).isTrue();
    }

    @Test
    void dead_letters_come_in_the_order_of_the_deaths() {
        client.declare("dead", true);
        client.declare("q", true, with(TO_DEAD, "x-message-ttl", HOUR_MS));
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            client.publishLater("", "q", i % 2 == 0, Integer.toString(i).getBytes(UTF_8));
            expected.add("died expired q q\n" + i);
        }
        assertThat(ready("q")).isEqualTo(5000);
        clock.advance(HOUR_MS);
        eventually(() -> ready("dead") == 5000);
        List<String> found = new ArrayList<>();
        for (String body = next("dead"); body != null; body = next("dead")) {
            found.add(body);
        }
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void messages_that_left_memory_are_read_and_sent_on() {
        client.declare("dead", true);
        client.declare("q", true, with(TO_DEAD, "x-message-ttl", HOUR_MS));
        int count = 3000;
        byte[] body = "x".repeat(20_000).getBytes(UTF_8);
        for (int i = 0; i < count; i++) {
            client.publish("", "q", true, body);
        }
        clock.advance(HOUR_MS);
        eventually(() -> ready("dead") == count);
        assertThat(Objects.requireNonNull(next("dead"))).endsWith("x".repeat(20_000));
    }

    @Test
    void a_body_in_parts_is_sent_on() {
        client.inPartsAbove(1000);
        client.declare("dead", true);
        client.declare("q", true, TO_DEAD);
        client.publish("", "q", true, "y".repeat(5000));
        client.settle(Objects.requireNonNull(client.get("q", false)), Settlement.REJECTED);
        eventually(() -> ready("dead") == 1);
        assertThat(next("dead")).isEqualTo("died rejected q q\n" + "y".repeat(5000));
    }

    @Test
    void a_body_in_parts_survives_its_first_message() throws IOException {
        a_body_in_parts_waits();
        close();
        open();
        assertThat(next("dead")).isEqualTo("died rejected q q\n" + "y".repeat(5000));
    }

    private void a_body_in_parts_waits() {
        client.inPartsAbove(1000);
        client.declare("dead", true);
        client.declare("q", true, TO_DEAD);
        client.publish("", "q", true, "y".repeat(5000));
        client.settle(Objects.requireNonNull(client.get("q", false)), Settlement.REJECTED);
        eventually(() -> ready("dead") == 1);
    }

    @Test
    void dead_letters_go_to_queues_of_other_event_loops() throws IOException {
        close();
        open(2);
        fixture.client(1).declare("dead", true);
        client.declare("q", true, TO_DEAD);
        for (int i = 0; i < 100; i++) {
            client.publish("", "q", true, "m" + i);
            client.settle(Objects.requireNonNull(client.get("q", false)), Settlement.REJECTED);
        }
        eventually(() -> ready("dead") == 100);
        assertThat(next("dead")).isEqualTo("died rejected q q\nm0");
        assertThat(next("dead")).isEqualTo("died rejected q q\nm1");
    }

    @Test
    void the_dead_are_sent_on_after_a_restart() throws IOException {
        client.declare("dead", true);
        client.declare("q", true, with(TO_DEAD, "x-message-ttl", HOUR_MS));
        client.publish("", "q", true, "m");
        close();
        clock.advance(HOUR_MS);
        open();
        eventually(() -> ready("dead") == 1);
        close();
        open();
        assertThat(ready("q")).isZero();
        assertThat(next("dead")).isEqualTo("died expired q q\nm");
    }

    @Test
    void a_message_without_an_exchange_to_go_to_is_dropped() {
        client.declare("q", true, Map.of("x-dead-letter-exchange", "nowhere"));
        client.publish("", "q", true, "m");
        client.settle(Objects.requireNonNull(client.get("q", false)), Settlement.REJECTED);
        assertThat(ready("q")).isZero();
        assertThat(queue("q").unacked()).isZero();
    }

    @Test
    void a_circle_that_nobody_is_part_of_ends() {
        client.declare("q", true, Map.of("x-dead-letter-exchange", "", "x-message-ttl", HOUR_MS));
        client.publish("", "q", true, "m");
        clock.advance(HOUR_MS);
        eventually(() -> fixture.broker.shard(0).counters().expired == 1);
        assertThat(ready("q")).isZero();
    }

    @Test
    void a_circle_goes_on_as_long_as_somebody_rejects() {
        client.declare("q", true, Map.of("x-dead-letter-exchange", ""));
        client.publish("", "q", true, "m");
        for (int i = 0; i < 3; i++) {
            client.settle(Objects.requireNonNull(client.get("q", false)), Settlement.REJECTED);
        }
        assertThat(next("q")).isEqualTo("died rejected q q\n".repeat(3) + "m");
    }

    @Test
    void what_does_not_fit_is_sent_on_oldest_first() {
        client.declare("dead", true);
        client.declare("q", true, with(TO_DEAD, "x-max-length", 2));
        for (int i = 0; i < 4; i++) {
            client.publish("", "q", true, "m" + i);
        }
        assertThat(ready("q")).isEqualTo(2);
        assertThat(next("dead")).isEqualTo("died maxlen q q\nm0");
        assertThat(next("dead")).isEqualTo("died maxlen q q\nm1");
        assertThat(next("q")).isEqualTo("m2");
    }

    @Test
    void what_has_expired_makes_room_before_anything_is_too_much() {
        client.declare("dead", true);
        client.declare("q", true, with(with(TO_DEAD, "x-max-length", 1), "x-message-ttl", HOUR_MS));
        client.publish("", "q", true, "m0");
        clock.advance(2 * HOUR_MS);
        client.publish("", "q", true, "m1");
        assertThat(next("dead")).isEqualTo("died expired q q\nm0");
        assertThat(next("q")).isEqualTo("m1");
    }

    @Test
    void a_letter_that_comes_back_to_a_waiting_consumer_is_delivered_even_with_no_time_to_live() {
        client.declare("q", true, Map.of("x-dead-letter-exchange", "", "x-message-ttl", 0));
        Inbox inbox = client.consume("q", false, 0);
        client.publish("", "q", true, "m");
        client.settle(inbox.next(), Settlement.REJECTED);
        assertThat(inbox.next().body()).isEqualTo("died rejected q q\nm");
    }

    @Test
    void what_comes_back_is_too_much_before_it_is_too_old() {
        client.declare("dead", true);
        client.declare("q", true, with(with(TO_DEAD, "x-max-length", 0), "x-message-ttl", 0));
        Inbox inbox = client.consume("q", false, 0);
        client.publish("", "q", true, "m");
        Received message = inbox.next();
        client.cancel(inbox);
        client.settle(message, Settlement.REQUEUED);
        eventually(() -> ready("dead") == 1);
        assertThat(next("dead")).isEqualTo("died maxlen q q\nm");
    }

    @Test
    void a_letter_comes_behind_the_message_itself() {
        client.declare("q", true, with(TO_DEAD, "x-max-length", 0));
        client.declare("dead", true);
        client.bind("q", "amq.fanout", "");
        client.bind("dead", "amq.fanout", "");
        client.publish("amq.fanout", "", true, "m");
        assertThat(next("dead")).isEqualTo("m");
        assertThat(next("dead")).isEqualTo("died maxlen q \nm");
    }

    @Test
    void a_chain_of_full_queues_is_no_chain_of_calls() {
        int queues = 3_000;
        client.declare("q" + queues, true);
        for (int i = 0; i < queues; i++) {
            client.declare(
                    "q" + i,
                    true,
                    Map.of(
                            "x-max-length",
                            0,
                            "x-dead-letter-exchange",
                            "",
                            "x-dead-letter-routing-key",
                            "q" + (i + 1)));
        }
        client.publish("", "q0", false, "m");
        eventually(() -> ready("q" + queues) == 1);
    }

    @Test
    void what_is_refused_is_sent_on_if_asked_for() {
        client.declare("dead", true);
        client.declare(
                "q",
                true,
                with(with(TO_DEAD, "x-max-length", 1), "x-overflow", "reject-publish-dlx"));
        client.publish("", "q", true, "m0");
        client.publish("", "q", true, "m1");
        assertThat(ready("q")).isEqualTo(1);
        assertThat(next("dead")).isEqualTo("died maxlen q q\nm1");
        assertThat(next("q")).isEqualTo("m0");
    }

    @Test
    void a_dead_letter_exchange_given_later_takes_what_dies_from_then_on() {
        client.declare("dead", true);
        client.declare("q", true);
        client.publish("", "q", true, "m");
        client.<Boolean>onShard(done -> {
            queue("q").apply(QueueSettings.of(Arguments.of(TO_DEAD)));
            done.complete(true);
        });
        client.settle(Objects.requireNonNull(client.get("q", false)), Settlement.REJECTED);
        eventually(() -> ready("dead") == 1);
    }

    @Test
    void at_least_once_keeps_what_no_queue_takes_until_one_does() {
        client.declare(
                "q",
                true,
                Map.of(
                        "x-queue-type", "quorum",
                        "x-dead-letter-exchange", "",
                        "x-dead-letter-routing-key", "dead",
                        "x-dead-letter-strategy", "at-least-once",
                        "x-overflow", "reject-publish"));
        client.publish("", "q", true, "m");
        client.settle(Objects.requireNonNull(client.get("q", false)), Settlement.REJECTED);
        assertThat(ready("q")).isZero();
        client.declare("dead", true);
        clock.advance(10_000);
        eventually(() -> ready("dead") == 1);
        assertThat(next("dead")).isEqualTo("died rejected q q\nm");
    }

    @Test
    void at_least_once_fills_a_queue_beyond_its_bounds_rather_than_lose_anything() {
        client.declare("dead", true, Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
        client.declare(
                "q",
                true,
                Map.of(
                        "x-queue-type", "quorum",
                        "x-dead-letter-exchange", "",
                        "x-dead-letter-routing-key", "dead",
                        "x-dead-letter-strategy", "at-least-once",
                        "x-overflow", "reject-publish"));
        for (int i = 0; i < 3; i++) {
            client.publish("", "q", true, "m" + i);
            client.settle(Objects.requireNonNull(client.get("q", false)), Settlement.REJECTED);
        }
        eventually(() -> ready("dead") == 3);
    }

    @Test
    void consumers_of_the_dead_are_served() {
        client.declare("dead", true);
        client.declare("q", true, with(TO_DEAD, "x-message-ttl", HOUR_MS));
        Inbox inbox = client.consume("dead", true, 0);
        client.publish("", "q", true, "m");
        clock.advance(HOUR_MS);
        assertThat(inbox.next().body()).isEqualTo("died expired q q\nm");
    }

    @Test
    void a_queue_that_is_deleted_takes_its_messages_with_it() {
        client.declare("dead", true);
        client.declare("q", true, TO_DEAD);
        client.publish("", "q", true, "m");
        assertThat(client.delete("q")).isEqualTo(1);
        assertThat(ready("dead")).isZero();
    }
}
