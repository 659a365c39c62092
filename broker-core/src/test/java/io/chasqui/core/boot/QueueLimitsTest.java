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
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** x-max-length, x-max-length-bytes and x-overflow, in the engine. */
class QueueLimitsTest {

    @TempDir private Path directory;

    private CoreFixture fixture;
    private Client client;

    @BeforeEach
    void open() throws IOException {
        fixture = new CoreFixture(directory, 1);
        client = fixture.client(0);
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private long ready() {
        return client.check("q").ready();
    }

    private @Nullable String next() {
        Received received = client.get("q", true);
        return received == null ? null : received.body();
    }

    private void publish(String... bodies) {
        for (String body : bodies) {
            client.publish("", "q", true, body);
        }
    }

    @Test
    void the_oldest_make_room() {
        client.declare("q", true, Map.of("x-max-length", 2));
        publish("a", "b", "c", "d");
        assertThat(ready()).isEqualTo(2);
        assertThat(next()).isEqualTo("c");
        assertThat(next()).isEqualTo("d");
    }

    @Test
    void consumers_have_what_comes_to_a_full_queue_even_with_no_time_to_live() {
        client.declare("q", true, Map.of("x-max-length", 1, "x-message-ttl", 0));
        Inbox inbox = client.consume("q", true, 0);
        byte[] body = {'m'};
        for (int i = 0; i < 20; i++) {
            CompletableFuture<Void> unused = client.publishLater("", "q", true, body);
        }
        for (int i = 0; i < 20; i++) {
            assertThat(inbox.next().body()).isEqualTo("m");
        }
    }

    @Test
    void what_was_dropped_stays_away_after_a_restart() throws IOException {
        client.declare("q", true, Map.of("x-max-length", 1));
        publish("a", "b");
        close();
        open();
        assertThat(ready()).isEqualTo(1);
        publish("c");
        assertThat(ready()).isEqualTo(1);
        assertThat(next()).isEqualTo("c");
    }

    @Test
    void bytes_of_bodies_are_bounded_to_the_byte() {
        client.declare("q", true, Map.of("x-max-length-bytes", 10));
        publish("aaaa", "bbbbb", "c");
        assertThat(ready()).isEqualTo(3);
        publish("d");
        assertThat(next()).isEqualTo("bbbbb");
        publish("e".repeat(11));
        assertThat(ready()).isZero();
    }

    @Test
    void bytes_are_counted_alike_after_a_restart() throws IOException {
        client.declare("q", true, Map.of("x-max-length-bytes", 10));
        publish("aaaa", "bbbbb");
        close();
        open();
        publish("c");
        assertThat(ready()).isEqualTo(3);
        publish("d");
        assertThat(ready()).isEqualTo(3);
    }

    @Test
    void bodies_in_parts_count_in_whole_mebibytes() {
        client.inPartsAbove(1000);
        client.declare("q", true, Map.of("x-max-length-bytes", 5 << 20));
        for (int i = 0; i < 3; i++) {
            publish("x".repeat(3 << 19));
        }
        assertThat(ready()).isEqualTo(2);
    }

    @Test
    void what_consumers_hold_does_not_count() {
        client.declare("q", true, Map.of("x-max-length", 1));
        publish("a");
        Received held = Objects.requireNonNull(client.get("q", false));
        publish("b");
        assertThat(ready()).isEqualTo(1);
        client.settle(held, Settlement.REQUEUED);
        assertThat(ready()).isEqualTo(1);
        assertThat(next()).as("the oldest had to go").isEqualTo("b");
    }

    @Test
    void what_a_consumer_can_take_at_once_does_not_count() {
        client.declare("q", true, Map.of("x-max-length", 0));
        Inbox inbox = client.consume("q", true, 0);
        for (int i = 0; i < 100; i++) {
            client.publishLater("", "q", true, Integer.toString(i).getBytes(UTF_8));
        }
        for (int i = 0; i < 100; i++) {
            assertThat(inbox.next().body()).isEqualTo(Integer.toString(i));
        }
    }

    @Test
    void a_full_queue_that_refuses_keeps_what_it_has() throws IOException {
        client.declare("q", true, Map.of("x-max-length", 2, "x-overflow", "reject-publish"));
        publish("a", "b", "c", "d");
        assertThat(ready()).isEqualTo(2);
        assertThat(fixture.broker.shard(0).counters().refused).isEqualTo(2);
        close();
        open();
        assertThat(ready()).isEqualTo(2);
        assertThat(next()).isEqualTo("a");
        publish("e");
        assertThat(ready()).isEqualTo(2);
    }

    @Test
    void a_bound_given_later_holds_at_once() {
        client.declare("q", true);
        publish("a", "b", "c");
        Queue queue = Objects.requireNonNull(fixture.broker.vhosts().existing("/").queue("q"));
        client.<Boolean>onShard(done -> {
            queue.apply(QueueSettings.of(Arguments.of(Map.of("x-max-length", 1))));
            done.complete(true);
        });
        assertThat(ready()).isEqualTo(1);
        assertThat(next()).isEqualTo("c");
    }
}
