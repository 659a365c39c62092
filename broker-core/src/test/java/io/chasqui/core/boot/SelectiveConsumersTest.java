package io.chasqui.core.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.boot.CoreFixture.Client;
import io.chasqui.core.boot.CoreFixture.Inbox;
import io.chasqui.core.boot.CoreFixture.Received;
import io.chasqui.core.message.MessageFilter;
import io.chasqui.core.message.StoredMessage;
import io.chasqui.core.queue.Interest;
import io.chasqui.core.queue.Settlement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Consumers that want some messages of a queue only, and browsers, which take none. */
class SelectiveConsumersTest {

    private static final Interest LOOK = new Interest(null, Interest.Purpose.BROWSE);

    @TempDir Path directory;
    private CoreFixture fixture;
    private Client client;

    /** How often a filter was asked. */
    private final AtomicInteger asked = new AtomicInteger();

    @BeforeEach
    void start() throws IOException {
        fixture = new CoreFixture(directory, 2);
        client = fixture.client(0);
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    private Interest beginningWith(String start) {
        return new Interest(filter(start), Interest.Purpose.TAKE);
    }

    private MessageFilter filter(String start) {
        byte[] wanted = start.getBytes(StandardCharsets.US_ASCII);
        return (record, at) -> {
            asked.incrementAndGet();
            int image = StoredMessage.imageAt(record, at);
            for (int i = 0; i < wanted.length; i++) {
                if (i >= StoredMessage.imageLength(record, at)
                        || record.get(image + i) != wanted[i]) {
                    return false;
                }
            }
            return true;
        };
    }

    private void publish(String queue, String... bodies) {
        for (String body : bodies) {
            client.publish("", queue, true, body);
        }
    }

    private void publishMany(String queue, int count, String body) {
        List<CompletableFuture<Void>> confirms = new ArrayList<>();
        byte[] octets = body.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < count; i++) {
            confirms.add(client.publishLater("", queue, true, octets));
        }
        CompletableFuture.allOf(confirms.toArray(CompletableFuture[]::new)).join();
    }

    @Test
    void a_consumer_takes_what_it_wants_in_order_and_leaves_the_rest_to_others() {
        client.declare("q", true);
        publish("q", "a1", "b1", "a2", "b2", "a3");
        Inbox bs = client.consumeOnCredit("q", false, beginningWith("b"));
        client.grant(bs, 0, 10, false);
        assertThat(bs.next().body()).isEqualTo("b1");
        assertThat(bs.next().body()).isEqualTo("b2");
        Inbox all = client.consume("q", false, 0);
        assertThat(List.of(all.next().body(), all.next().body(), all.next().body()))
                .containsExactly("a1", "a2", "a3");
        assertThat(client.check("q").ready()).isZero();
    }

    @Test
    void what_comes_later_is_looked_at_once() {
        client.declare("q", false);
        Inbox bs = client.consumeOnCredit("q", true, beginningWith("b"));
        client.grant(bs, 0, 10, false);
        publish("q", "a1", "a2", "b1", "a3", "b2");
        assertThat(bs.next().body()).isEqualTo("b1");
        assertThat(bs.next().body()).isEqualTo("b2");
        assertThat(asked).hasValue(5);
        assertThat(client.check("q").ready()).isEqualTo(3);
    }

    @Test
    void a_message_that_comes_back_is_offered_again_before_later_ones() {
        client.declare("q", true);
        Inbox bs = client.consumeOnCredit("q", false, beginningWith("b"));
        publish("q", "b1", "a1", "b2");
        client.grant(bs, 0, 1, false);
        Received first = bs.next();
        client.settle(first, Settlement.REQUEUED);
        client.grant(bs, 1, 2, false);
        Received again = bs.next();
        assertThat(again.body()).isEqualTo("b1");
        assertThat(again.redelivered()).isTrue();
        assertThat(bs.next().body()).isEqualTo("b2");
    }

    @Test
    void what_another_consumer_gives_back_is_looked_at_again() {
        client.declare("q", true);
        publish("q", "a1", "b1", "a2");
        Inbox all = client.consume("q", false, 0);
        List<Received> three = List.of(all.next(), all.next(), all.next());
        Inbox bs = client.consumeOnCredit("q", false, beginningWith("b"));
        client.grant(bs, 0, 10, true);
        bs.awaitDrained();
        client.cancel(all);
        client.grant(bs, 10, 10, false);
        three.forEach(one -> client.settle(one, Settlement.REQUEUED));
        assertThat(bs.next().body()).isEqualTo("b1");
        assertThat(client.check("q").ready()).isEqualTo(2);
    }

    @Test
    void consumers_of_one_filter_are_served_in_turn() {
        client.declare("q", false);
        Inbox first = client.consumeOnCredit("q", true, beginningWith("b"));
        Inbox second = client.consumeOnCredit("q", true, beginningWith("b"));
        client.grant(first, 0, 10, false);
        client.grant(second, 0, 10, false);
        publish("q", "b1", "a1", "b2", "b3", "b4");
        List<String> ofFirst = List.of(first.next().body(), first.next().body());
        List<String> ofSecond = List.of(second.next().body(), second.next().body());
        assertThat(ofFirst).doesNotContainAnyElementsOf(ofSecond);
    }

    @Test
    void drain_ends_where_no_more_messages_are_wanted() {
        client.declare("q", false);
        publish("q", "a1", "b1", "a2");
        Inbox bs = client.consumeOnCredit("q", true, beginningWith("b"));
        client.grant(bs, 0, 10, true);
        bs.awaitDrained();
        assertThat(bs.bodies()).containsExactly("b1");
        Inbox cs = client.consumeOnCredit("q", true, beginningWith("c"));
        client.grant(cs, 0, 10, true);
        cs.awaitDrained();
        assertThat(cs.bodies()).isEmpty();
    }

    @Test
    void records_on_disk_and_index_pages_on_disk_are_looked_at_too() {
        client.declare("q", true);
        String filler = "x".repeat(1000);
        for (int round = 0; round < 5; round++) {
            publishMany("q", 12_000, "a" + filler);
            publish("q", "b" + round);
        }
        Inbox bs = client.consumeOnCredit("q", false, beginningWith("b"));
        client.grant(bs, 0, 100, true);
        bs.awaitDrained();
        List<Received> found = new ArrayList<>();
        for (int round = 0; round < 5; round++) {
            found.add(bs.next());
        }
        assertThat(found).extracting(Received::body).containsExactly("b0", "b1", "b2", "b3", "b4");
        assertThat(asked).hasValueBetween(60_005, 61_000);
        found.forEach(one -> client.settle(one, Settlement.ACKNOWLEDGED));
        assertThat(client.check("q").ready()).isEqualTo(60_000);
    }

    @Test
    void a_restart_changes_nothing_for_what_was_not_taken() throws IOException {
        client.declare("q", true);
        publish("q", "a1", "b1", "a2", "b2");
        Inbox bs = client.consumeOnCredit("q", false, beginningWith("b"));
        client.grant(bs, 0, 10, false);
        client.settle(bs.next(), Settlement.ACKNOWLEDGED);
        bs.next();
        fixture.close();
        fixture = new CoreFixture(directory, 2);
        client = fixture.client(0);
        Inbox all = client.consume("q", true, 0);
        assertThat(List.of(all.next().body(), all.next().body(), all.next().body()))
                .containsExactly("a1", "a2", "b2");
    }

    @Test
    void a_filter_sees_the_head_of_a_message_in_parts() {
        client.declare("q", true);
        client.inPartsAbove(10_000);
        publish("q", "b".repeat(50_000), "c");
        Inbox seen =
                client.consumeOnCredit(
                        "q",
                        true,
                        new Interest(
                                (record, at) -> StoredMessage.imageLength(record, at) == 0,
                                Interest.Purpose.TAKE));
        client.grant(seen, 0, 10, true);
        seen.awaitDrained();
        assertThat(seen.bodies()).containsExactly("b".repeat(50_000));
    }

    @Test
    void messages_of_higher_priority_come_first() {
        client.declare("q", true, Map.of("x-max-priority", 5));
        client.urgent(1);
        publish("q", "b1", "a1");
        client.urgent(4);
        publish("q", "a2", "b2");
        Inbox bs = client.consumeOnCredit("q", true, beginningWith("b"));
        client.grant(bs, 0, 10, true);
        bs.awaitDrained();
        assertThat(bs.bodies()).containsExactly("b2", "b1");
    }

    @Test
    void who_sifts_a_queue_leaves_nothing_behind() {
        client.declare("q", true);
        publish("q", "a1", "b1", "a2");
        Inbox bs =
                client.consumeOnCredit(
                        "q", false, new Interest(filter("b"), Interest.Purpose.SIFT));
        client.grant(bs, 0, 10, true);
        bs.awaitDrained();
        assertThat(client.check("q").ready()).isZero();
        publish("q", "a3");
        client.settle(bs.next(), Settlement.REQUEUED);
        client.grant(bs, 10, 10, true);
        bs.awaitDrained();
        assertThat(bs.bodies()).containsExactly("b1");
        assertThat(client.check("q").ready()).isZero();
    }

    @Test
    void a_filter_that_fails_lets_nothing_pass() {
        client.declare("q", true);
        publish("q", "a");
        Inbox none =
                client.consumeOnCredit(
                        "q",
                        true,
                        new Interest(
                                (record, at) -> {
                                    throw new IllegalStateException("fails");
                                },
                                Interest.Purpose.TAKE));
        client.grant(none, 0, 10, true);
        none.awaitDrained();
        assertThat(client.check("q").ready()).isOne();
    }

    @Test
    void whatever_happens_every_message_goes_to_one_who_wants_it() {
        client.declare("q", true);
        Random random = new Random(18);
        Inbox as = client.consumeOnCredit("q", false, beginningWith("a"));
        Inbox bs = client.consumeOnCredit("q", false, beginningWith("b"));
        Inbox browser = client.consumeOnCredit("q", true, LOOK);
        Inbox[] inboxes = {as, bs, browser};
        int[] granted = new int[inboxes.length];
        int[] received = new int[inboxes.length];
        List<String> expected = new ArrayList<>();
        List<String> done = new ArrayList<>();
        for (int round = 0; round < 300; round++) {
            String body = (char) ('a' + random.nextInt(3)) + "-" + round;
            expected.add(body);
            publish("q", body);
            int one = random.nextInt(inboxes.length);
            granted[one] = received[one] + random.nextInt(4);
            client.grant(inboxes[one], received[one], granted[one] - received[one], true);
            inboxes[one].awaitDrained();
            for (Received each : inboxes[one].taken()) {
                if (one == 2) {
                    continue;
                }
                assertThat(each.body()).startsWith(one == 0 ? "a" : "b");
                boolean again = random.nextInt(3) == 0;
                client.settle(each, again ? Settlement.REQUEUED : Settlement.ACKNOWLEDGED);
                if (!again) {
                    done.add(each.body());
                }
            }
            received[one] = granted[one];
        }
        client.cancel(as);
        client.cancel(bs);
        Inbox rest = client.consume("q", true, 0);
        while (done.size() < expected.size()) {
            done.add(rest.next().body());
        }
        assertThat(done).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(client.check("q").ready()).isZero();
    }

    @Test
    void a_browser_sees_every_message_and_takes_none() {
        client.declare("q", true);
        publish("q", "m1", "m2", "m3");
        Inbox browser = client.consumeOnCredit("q", false, LOOK);
        client.grant(browser, 0, 10, true);
        browser.awaitDrained();
        Received first = browser.next();
        assertThat(first.body()).isEqualTo("m1");
        client.settle(first, Settlement.ACKNOWLEDGED);
        client.settle(browser.next(), Settlement.REJECTED);
        assertThat(browser.next().body()).isEqualTo("m3");
        assertThat(client.check("q"))
                .satisfies(status -> {
                    assertThat(status.ready()).isEqualTo(3);
                    assertThat(status.consumers()).isZero();
                });
        publish("q", "m4");
        client.grant(browser, 10, 10, true);
        browser.awaitDrained();
        assertThat(browser.bodies()).containsExactly("m4");
    }

    @Test
    void a_browser_goes_on_only_as_far_as_its_credit() {
        client.declare("q", false);
        publish("q", "m1", "m2", "m3");
        Inbox browser = client.consumeOnCredit("q", true, LOOK);
        client.grant(browser, 0, 2, false);
        assertThat(List.of(browser.next().body(), browser.next().body()))
                .containsExactly("m1", "m2");
        client.grant(browser, 2, 2, true);
        browser.awaitDrained();
        assertThat(browser.bodies()).containsExactly("m3");
    }

    @Test
    void a_browser_has_a_filter_too_and_drains_an_empty_queue() {
        client.declare("q", false);
        Inbox browser =
                client.consumeOnCredit(
                        "q", true, new Interest(filter("b"), Interest.Purpose.BROWSE));
        client.grant(browser, 0, 5, true);
        browser.awaitDrained();
        publish("q", "a", "b");
        client.grant(browser, 5, 5, true);
        browser.awaitDrained();
        assertThat(browser.bodies()).containsExactly("b");
    }

    @Test
    void a_browser_is_told_of_the_queues_end_and_does_not_put_it_off() {
        client.declare("q", false);
        Inbox browser = client.consumeOnCredit("q", true, LOOK);
        client.delete("q");
        client.<Boolean>onShard(result -> result.complete(true));
        assertThat(browser.subscription.queue().isDeleted()).isTrue();
        fixture.client(0).close();
        client.<Boolean>onShard(result -> result.complete(true));
        assertThat(browser.cancelled).isTrue();
    }
}
