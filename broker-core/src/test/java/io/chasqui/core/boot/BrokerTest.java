package io.chasqui.core.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.boot.CoreFixture.Client;
import io.chasqui.core.boot.CoreFixture.Inbox;
import io.chasqui.core.boot.CoreFixture.Received;
import io.chasqui.core.queue.Settlement;
import io.chasqui.core.store.LogCounters;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine as a whole, with the real store, without a protocol. */
class BrokerTest {

    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void messages_come_out_in_the_order_they_went_in(int shards) throws Exception {
        try (CoreFixture fixture = new CoreFixture(directory, shards)) {
            Client publisher = fixture.client(0);
            Client consumer = fixture.client(shards - 1);
            publisher.declare("q", true);
            for (int i = 0; i < 500; i++) {
                publisher.publish("", "q", i % 2 == 0, "m" + i);
            }
            Inbox inbox = consumer.consume("q", true, 0);
            for (int i = 0; i < 500; i++) {
                assertThat(inbox.next().body()).isEqualTo("m" + i);
            }
            assertThat(publisher.check("q").ready()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void prefetch_bounds_what_is_out_and_requeued_messages_return_to_their_place(int shards)
            throws Exception {
        try (CoreFixture fixture = new CoreFixture(directory, shards)) {
            Client publisher = fixture.client(0);
            Client consumer = fixture.client(shards - 1);
            publisher.declare("q", true);
            for (int i = 0; i < 5; i++) {
                publisher.publish("", "q", true, "m" + i);
            }
            Inbox inbox = consumer.consume("q", false, 3);
            List<Received> out = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                out.add(inbox.next());
            }
            assertThat(publisher.check("q").ready()).isEqualTo(2);
            assertThat(inbox.waiting()).isZero();
            consumer.cancel(inbox);
            Collections.reverse(out);
            out.forEach(received -> consumer.settle(received, Settlement.REQUEUED));
            List<Received> again = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                again.add(consumer.get("q", true));
            }
            assertThat(again)
                    .extracting(Received::body)
                    .containsExactly("m0", "m1", "m2", "m3", "m4");
            assertThat(again)
                    .extracting(Received::redelivered)
                    .containsExactly(true, true, true, false, false);
        }
    }

    @Test
    void durable_queues_and_persistent_messages_survive_a_restart() throws Exception {
        try (CoreFixture fixture = new CoreFixture(directory, 1)) {
            Client client = fixture.client(0);
            client.declare("durable", true);
            client.declare("transient", false);
            client.bind("durable", "amq.fanout", "");
            client.bind("transient", "amq.fanout", "");
            client.publish("amq.fanout", "", true, "kept");
            client.publish("amq.fanout", "", false, "lost");
            client.publish("amq.fanout", "", true, "acknowledged");
            Received first = client.get("durable", false);
            Received second = client.get("durable", false);
            Received third = client.get("durable", false);
            client.settle(third, Settlement.ACKNOWLEDGED);
            client.settle(second, Settlement.REQUEUED);
            client.settle(first, Settlement.REQUEUED);
        }
        try (CoreFixture fixture = new CoreFixture(directory, 1)) {
            Client client = fixture.client(0);
            assertThat(fixture.broker.vhosts().existing("/").queue("transient")).isNull();
            assertThat(client.check("durable").ready()).isEqualTo(1);
            Received kept = client.get("durable", true);
            assertThat(kept.body()).isEqualTo("kept");
            assertThat(kept.redelivered()).isTrue();
            client.publish("amq.fanout", "", true, "bound still");
            assertThat(client.get("durable", true).body()).isEqualTo("bound still");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_backlog_larger_than_memory_comes_back_from_disk(boolean persistent) throws Exception {
        try (CoreFixture fixture = new CoreFixture(directory, 1)) {
            Client client = fixture.client(0);
            client.declare("q", true);
            byte[] filler = new byte[60_000];
            for (int i = 0; i < 800; i++) {
                byte[] head = (i + ";").getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(head, 0, filler, 0, head.length);
                client.publish("", "q", persistent, filler);
            }
            Inbox inbox = client.consume("q", true, 0);
            for (int i = 0; i < 800; i++) {
                assertThat(inbox.next().body()).startsWith(i + ";");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_large_body_travels_in_parts(boolean persistent) throws Exception {
        StringBuilder numbers = new StringBuilder();
        for (int i = 0; i < 1_000_000; i++) {
            numbers.append(i).append(' ');
        }
        String body = numbers.toString();
        try (CoreFixture fixture = new CoreFixture(directory, 1)) {
            Client client = fixture.client(0);
            client.declare("q", true);
            client.publish("", "q", persistent, body);
            client.publish("", "q", persistent, "small");
            assertThat(client.get("q", false).body().equals(body)).isTrue();
            assertThat(client.get("q", true).body()).isEqualTo("small");
        }
        try (CoreFixture fixture = new CoreFixture(directory, 1)) {
            Client client = fixture.client(0);
            assertThat(client.check("q").ready()).isEqualTo(persistent ? 1 : 0);
            if (persistent) {
                assertThat(client.get("q", true).body().equals(body)).isTrue();
                assertThat(client.get("q", true)).isNull();
            }
        }
    }

    @Test
    void messages_from_before_a_restart_keep_their_place_in_the_log() throws Exception {
        try (CoreFixture fixture = new CoreFixture(directory, 1, PowerCuts.options())) {
            Client client = fixture.client(0);
            client.declare("q", true);
            client.publish("", "q", true, "kept");
        }
        try (CoreFixture fixture = new CoreFixture(directory, 1, PowerCuts.options())) {
            Client client = fixture.client(0);
            client.declare("passing", true);
            LogCounters log = fixture.broker.store().durableLog().counters();
            for (int i = 0; log.reclaimedSegments() < 3; i++) {
                assertThat(i).as("messages until segments are given back").isLessThan(100_000);
                client.publish("", "passing", true, new byte[1000]);
                assertThat(client.get("passing", true)).isNotNull();
            }
            Received kept = client.get("q", true);
            assertThat(client.unreadable()).isZero();
            assertThat(kept).isNotNull();
            assertThat(kept.body()).isEqualTo("kept");
        }
    }

    @Test
    void purge_and_delete_tell_how_many_messages_went() throws Exception {
        try (CoreFixture fixture = new CoreFixture(directory, 2)) {
            Client client = fixture.client(0);
            Client other = fixture.client(1);
            client.declare("q", true);
            for (int i = 0; i < 100; i++) {
                client.publish("", "q", true, "m" + i);
            }
            assertThat(other.purge("q")).isEqualTo(100);
            client.publish("", "q", true, "last");
            Inbox inbox = other.consume("q", false, 0);
            assertThat(inbox.next().body()).isEqualTo("last");
            assertThat(client.delete("q")).isZero();
            assertThat(client.delete("q")).isZero();
            Boolean cancelled = other.onShard(result -> result.complete(inbox.cancelled));
            assertThat(cancelled).isTrue();
        }
        try (CoreFixture fixture = new CoreFixture(directory, 2)) {
            assertThat(fixture.broker.vhosts().existing("/").queue("q")).isNull();
        }
    }

    @Test
    void a_message_that_cannot_be_read_is_passed_over_but_not_lost() throws Exception {
        Path segment = directory.resolve("log/0000000001.log");
        byte[] intact;
        try (CoreFixture fixture = new CoreFixture(directory, 1)) {
            Client client = fixture.client(0);
            client.declare("q", true);
            byte[] body = new byte[60_000];
            for (int i = 0; i < 600; i++) {
                byte[] head = (i + ";").getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(head, 0, body, 0, head.length);
                client.publish("", "q", true, body);
            }
            intact = Files.readAllBytes(segment);
            byte[] damaged = intact.clone();
            damaged[bodyOfFirst(intact)] ^= 1;
            Files.write(segment, damaged, StandardOpenOption.WRITE);
            assertThat(client.get("q", true)).isNull();
            Inbox inbox = client.consume("q", true, 0);
            for (int i = 1; i < 600; i++) {
                assertThat(inbox.next().body()).startsWith(i + ";");
            }
        }
        Files.write(segment, intact, StandardOpenOption.WRITE);
        try (CoreFixture fixture = new CoreFixture(directory, 1)) {
            Client client = fixture.client(0);
            assertThat(client.check("q").ready()).isEqualTo(1);
            assertThat(client.get("q", true).body()).startsWith("0;");
        }
    }

    @Test
    void a_consumer_that_comes_has_its_turn_after_those_that_were_there() throws Exception {
        try (CoreFixture fixture = new CoreFixture(directory, 1)) {
            Client client = fixture.client(0);
            client.declare("q", true);
            Inbox first = client.consume("q", true, 0);
            client.publish("", "q", true, "m0");
            Inbox second = client.consume("q", true, 0);
            client.publish("", "q", true, "m1");
            client.publish("", "q", true, "m2");
            assertThat(first.next().body()).isEqualTo("m0");
            assertThat(first.next().body()).isEqualTo("m1");
            assertThat(second.next().body()).isEqualTo("m2");
        }
    }

    /** Where the first message's body stands: behind its routing key. */
    private static int bodyOfFirst(byte[] segment) {
        for (int at = 0; at < segment.length - 2; at++) {
            if (segment[at] == 'q' && segment[at + 1] == '0' && segment[at + 2] == ';') {
                return at + 1;
            }
        }
        throw new AssertionError("no message in the first segment");
    }
}
