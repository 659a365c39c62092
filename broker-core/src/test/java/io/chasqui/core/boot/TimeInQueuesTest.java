package io.chasqui.core.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chasqui.core.boot.CoreFixture.Client;
import io.chasqui.core.boot.CoreFixture.Inbox;
import io.chasqui.core.boot.CoreFixture.Received;
import io.chasqui.core.message.StoredMessage;
import io.chasqui.core.queue.Settlement;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.shard.ShardCounters;
import io.chasqui.core.time.TravellingClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** x-message-ttl, the expiration of a message, and x-expires, in the engine. */
class TimeInQueuesTest {

    private static final long HOUR_MS = 3_600_000;

    private static final Map<String, Object> HOUR_TO_LIVE = Map.of("x-message-ttl", HOUR_MS);

    private static final Map<String, Object> HOUR_LEASE = Map.of("x-expires", HOUR_MS);

    @TempDir private Path directory;

    private final TravellingClock clock = new TravellingClock();
    private CoreFixture fixture;
    private Client client;

    @BeforeEach
    void open() throws IOException {
        fixture = new CoreFixture(directory, 1, CoreFixture.options(), clock);
        client = fixture.client(0);
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private void restart() throws IOException {
        close();
        open();
    }

    private static BrokerOptions withIndexMemory(int bytes) {
        return new BrokerOptions(
                16 << 20,
                16 << 20,
                22,
                bytes,
                4 << 20,
                32 << 20,
                60_000,
                OptionalLong.of(0),
                16 << 20,
                "/",
                new BrokerOptions.FirstUser("guest", "guest", 1000),
                BrokerOptions.QueueDefaults.STANDARD,
                "chasqui@test");
    }

    private static void eventually(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time to wait").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private ShardCounters counters() {
        return fixture.broker.shard(0).counters();
    }

    private long ready(String queue) {
        return client.check(queue).ready();
    }

    private OptionalLong oldest(String queue) {
        return client.onShard(result -> {
            var found = Objects.requireNonNull(fixture.broker.vhosts().existing("/").queue(queue));
            CompletableFuture<OptionalLong> answer = result;
            answer.complete(found.oldestReadyMs());
        });
    }

    private boolean exists(String queue) {
        return fixture.broker.vhosts().existing("/").queue(queue) != null;
    }

    @Test
    void messages_of_a_queue_with_a_time_to_live_are_gone_when_it_is_over() {
        client.declare("q", true, HOUR_TO_LIVE);
        client.publish("", "q", true, "a");
        clock.advance(HOUR_MS / 2);
        client.publish("", "q", true, "b");
        assertThat(ready("q")).isEqualTo(2);
        clock.advance(HOUR_MS / 2);
        assertThat(ready("q")).isEqualTo(1);
        assertThat(Objects.requireNonNull(client.get("q", true)).body()).isEqualTo("b");
        assertThat(counters().expired).isEqualTo(1);
    }

    @Test
    void messages_expire_by_themselves_although_nobody_asks() {
        client.declare("q", true, HOUR_TO_LIVE);
        for (int i = 0; i < 10_000; i++) {
            client.publishLater("", "q", true, new byte[10]);
        }
        assertThat(ready("q")).isEqualTo(10_000);
        clock.advance(HOUR_MS);
        eventually(() -> counters().expired == 10_000);
        assertThat(client.get("q", true)).isNull();
    }

    @Test
    void the_shorter_of_the_two_times_counts() {
        client.declare("q", true, HOUR_TO_LIVE);
        client.limitedTo(2 * HOUR_MS).publish("", "q", true, "long");
        clock.advance(HOUR_MS);
        assertThat(ready("q")).isZero();
        client.limitedTo(HOUR_MS / 2).publish("", "q", true, "short");
        clock.advance(HOUR_MS / 2);
        assertThat(ready("q")).isZero();
    }

    @Test
    void a_message_with_a_time_of_its_own_expires_wherever_it_lies() {
        client.declare("q", true);
        client.publish("", "q", true, "head");
        client.limitedTo(HOUR_MS).publish("", "q", true, "behind");
        assertThat(ready("q")).isEqualTo(2);
        clock.advance(HOUR_MS);
        eventually(() -> counters().expired == 1);
        assertThat(ready("q")).isEqualTo(1);
        assertThat(Objects.requireNonNull(client.get("q", true)).body()).isEqualTo("head");
        assertThat(client.get("q", true)).isNull();
    }

    @Test
    void messages_die_in_the_order_in_which_they_are_due() {
        client.declare("dead", true);
        client.declare(
                "q",
                true,
                Map.of(
                        "x-dead-letter-exchange", "",
                        "x-dead-letter-routing-key", "dead",
                        "x-message-ttl", 45 * HOUR_MS));
        client.publish("", "q", true, "45");
        for (int hours : List.of(30, 10, 50, 20, 40)) {
            client.limitedTo(hours * HOUR_MS).publish("", "q", true, "" + hours);
        }
        clock.advance(25 * HOUR_MS);
        eventually(() -> ready("dead") == 2);
        assertThat(ready("q")).isEqualTo(4);
        clock.advance(30 * HOUR_MS);
        eventually(() -> ready("dead") == 6);
        List<String> died = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            String body = Objects.requireNonNull(client.get("dead", true)).body();
            died.add(body.substring(body.indexOf('\n') + 1));
        }
        assertThat(died).containsExactly("10", "20", "30", "40", "45", "50");
    }

    @Test
    void what_comes_back_after_its_time_is_gone() {
        client.declare("q", true);
        client.publish("", "q", true, "for ever");
        client.limitedTo(HOUR_MS).publish("", "q", true, "an hour");
        Received first = Objects.requireNonNull(client.get("q", false));
        Received second = Objects.requireNonNull(client.get("q", false));
        clock.advance(2 * HOUR_MS);
        assertThat(ready("q")).isZero();
        assertThat(counters().expired).isZero();
        client.settle(first, Settlement.REQUEUED);
        client.settle(second, Settlement.REQUEUED);
        eventually(() -> counters().expired == 1);
        assertThat(Objects.requireNonNull(client.get("q", true)).body()).isEqualTo("for ever");
        assertThat(client.get("q", true)).isNull();
    }

    @Test
    void what_left_the_queue_in_time_does_not_expire() {
        client.declare("q", true);
        client.publish("", "q", true, "for ever");
        for (int i = 0; i < 100; i++) {
            client.limitedTo((1 + i % 7) * HOUR_MS).publish("", "q", true, "limited");
        }
        client.purge("q");
        client.limitedTo(2 * HOUR_MS).publish("", "q", true, "longer");
        client.limitedTo(HOUR_MS).publish("", "q", true, "shorter");
        clock.advance(8 * HOUR_MS);
        eventually(() -> counters().expired == 2);
        assertThat(ready("q")).isZero();
    }

    @Test
    void after_a_restart_messages_expire_wherever_they_lie() throws IOException {
        client.declare("q", true);
        client.declare("by priority", true, Map.of("x-max-priority", 3));
        for (String queue : List.of("q", "by priority")) {
            client.limitedTo(StoredMessage.FOR_EVER).publish("", queue, true, "head");
            client.limitedTo(3 * HOUR_MS).publish("", queue, true, "3");
            client.limitedTo(HOUR_MS).publish("", queue, true, "1");
        }
        restart();
        clock.advance(2 * HOUR_MS);
        eventually(() -> counters().expired == 2);
        assertThat(ready("q")).isEqualTo(2);
        assertThat(ready("by priority")).isEqualTo(2);
        clock.advance(2 * HOUR_MS);
        eventually(() -> counters().expired == 4);
        assertThat(ready("q")).isEqualTo(1);
    }

    @Test
    void a_long_backlog_expires_in_its_midst_from_disk_too() throws IOException {
        int messages = 30_000;
        int limited = 0;
        client.declare("q", true);
        client.publish("", "q", true, "head");
        CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
        for (int i = 0; i < messages; i++) {
            boolean expires = i / 5000 % 2 == 1 && i % 7 == 0;
            limited += expires ? 1 : 0;
            client.limitedTo(expires ? (1 + i % 11) * HOUR_MS : StoredMessage.FOR_EVER);
            last = client.publishLater("", "q", true, new byte[10]);
        }
        last.join();
        close();
        fixture = new CoreFixture(directory, 1, withIndexMemory(256 << 10), clock);
        client = fixture.client(0);
        int all = limited;
        clock.advance(6 * HOUR_MS);
        eventually(() -> counters().expired > all / 3);
        assertThat(counters().expired).isLessThan(all);
        clock.advance(6 * HOUR_MS);
        eventually(() -> counters().expired == all);
        assertThat(ready("q")).isEqualTo(messages + 1 - all);
        assertThat(Objects.requireNonNull(client.get("q", true)).body()).isEqualTo("head");
    }

    @Test
    void without_memory_to_remember_them_messages_expire_all_the_same() throws IOException {
        int messages = 30_000;
        close();
        fixture = new CoreFixture(directory, 1, withIndexMemory(256 << 10), clock);
        client = fixture.client(0);
        client.declare("q", true);
        client.publish("", "q", true, "head");
        for (int i = 0; i < messages; i++) {
            client.limitedTo(HOUR_MS - i).publishLater("", "q", true, new byte[10]);
        }
        assertThat(ready("q")).isEqualTo(messages + 1);
        clock.advance(HOUR_MS);
        eventually(() -> counters().expired == messages);
        assertThat(ready("q")).isEqualTo(1);
    }

    @Test
    void a_new_head_with_a_time_of_its_own_expires_by_itself() {
        client.declare("q", true);
        client.publish("", "q", true, "head");
        client.limitedTo(HOUR_MS).publish("", "q", true, "behind");
        assertThat(Objects.requireNonNull(client.get("q", true)).body()).isEqualTo("head");
        clock.advance(HOUR_MS);
        eventually(() -> counters().expired == 1);
    }

    @Test
    void with_a_time_to_live_of_0_a_message_is_for_those_who_wait() {
        client.declare("q", true, Map.of("x-message-ttl", 0L));
        client.publish("", "q", true, "nobody waits");
        assertThat(ready("q")).isZero();
        assertThat(client.get("q", true)).isNull();
        Inbox inbox = client.consume("q", true, 0);
        client.publish("", "q", true, "somebody waits");
        assertThat(inbox.next().body()).isEqualTo("somebody waits");
    }

    @Test
    void what_is_unacknowledged_does_not_expire_until_it_is_given_back() {
        client.declare("q", true, HOUR_TO_LIVE);
        client.publish("", "q", true, "a");
        Received taken = Objects.requireNonNull(client.get("q", false));
        clock.advance(2 * HOUR_MS);
        assertThat(counters().expired).isZero();
        client.settle(taken, Settlement.REQUEUED);
        eventually(() -> counters().expired == 1);
        assertThat(ready("q")).isZero();
    }

    @Test
    void what_is_given_back_in_time_keeps_its_first_age() {
        client.declare("q", true, HOUR_TO_LIVE);
        client.publish("", "q", true, "a");
        clock.advance(HOUR_MS / 2);
        client.publish("", "q", true, "b");
        Received taken = Objects.requireNonNull(client.get("q", false));
        client.settle(taken, Settlement.REQUEUED);
        assertThat(ready("q")).isEqualTo(2);
        clock.advance(HOUR_MS / 2);
        assertThat(ready("q")).isEqualTo(1);
        assertThat(Objects.requireNonNull(client.get("q", true)).body()).isEqualTo("b");
    }

    @Test
    void a_purge_and_a_deletion_do_not_see_what_has_expired() {
        client.declare("q", true, HOUR_TO_LIVE);
        client.publish("", "q", true, "a");
        clock.advance(HOUR_MS);
        assertThat(client.purge("q")).isZero();
        client.publish("", "q", true, "b");
        clock.advance(HOUR_MS);
        assertThat(client.delete("q")).isZero();
    }

    @Test
    void time_goes_on_while_the_broker_is_down() throws IOException {
        client.declare("q", true, HOUR_TO_LIVE);
        client.declare("own", true);
        client.publish("", "q", true, "a");
        client.limitedTo(HOUR_MS).publish("", "own", true, "c");
        client.limitedTo(3 * HOUR_MS).publish("", "own", true, "d");
        clock.advance(HOUR_MS / 2);
        client.limitedTo(-1).publish("", "q", true, "b");
        close();
        clock.advance(HOUR_MS / 2);
        open();
        eventually(() -> counters().expired == 2);
        assertThat(Objects.requireNonNull(client.get("q", true)).body()).isEqualTo("b");
        assertThat(ready("own")).isEqualTo(1);
        clock.advance(2 * HOUR_MS);
        eventually(() -> counters().expired == 3);
        restart();
        assertThat(ready("q")).isZero();
        assertThat(ready("own")).isZero();
    }

    @Test
    void messages_that_lie_on_disk_only_expire_without_anybody_waiting_for_the_disk()
            throws IOException {
        client.declare("q", true, HOUR_TO_LIVE);
        client.declare("own", true);
        for (int i = 0; i < 2000; i++) {
            client.publishLater("", "q", true, new byte[8000]);
            client.limitedTo(HOUR_MS).publishLater("", "own", true, new byte[8000]);
        }
        client.publish("", "own", true, "last");
        assertThat(ready("q")).isEqualTo(2000);
        clock.advance(HOUR_MS);
        eventually(() -> counters().expired == 4001);
        assertThat(ready("q")).isZero();
        assertThat(counters().unreadable).isZero();
    }

    @Test
    void a_large_message_expires_too() {
        client.declare("q", true);
        client.limitedTo(HOUR_MS).publish("", "q", true, new byte[300_000]);
        clock.advance(HOUR_MS);
        assertThat(client.get("q", true)).isNull();
        eventually(() -> counters().expired == 1);
    }

    @Test
    void a_large_message_with_a_time_to_live_is_delivered_whole() {
        client.declare("q", true);
        client.limitedTo(HOUR_MS).publish("", "q", true, "x".repeat(300_000));
        Received received = Objects.requireNonNull(client.get("q", true));
        assertThat(received.body()).isEqualTo("x".repeat(300_000));
    }

    @Test
    void setting_the_machines_clock_changes_nothing_for_messages_in_queues() {
        client.declare("q", true, HOUR_TO_LIVE);
        client.publish("", "q", true, "a");
        clock.setWallClock(24 * HOUR_MS);
        assertThat(ready("q")).isEqualTo(1);
        clock.setWallClock(-24 * HOUR_MS);
        clock.advance(HOUR_MS);
        assertThat(ready("q")).isZero();
    }

    @Test
    void a_message_from_the_future_does_not_outlive_its_time_from_the_restart_on()
            throws IOException {
        client.declare("q", true, HOUR_TO_LIVE);
        client.publish("", "q", true, "a");
        close();
        clock.setWallClock(-24 * HOUR_MS);
        open();
        clock.advance(HOUR_MS - 60_000);
        assertThat(ready("q")).isEqualTo(1);
        clock.advance(60_000);
        eventually(() -> counters().expired == 1);
        assertThat(ready("q")).isZero();
    }

    @Test
    void transient_messages_expire_like_any_other() {
        client.declare("q", false, HOUR_TO_LIVE);
        client.publish("", "q", false, "a");
        clock.advance(HOUR_MS);
        assertThat(ready("q")).isZero();
    }

    @Test
    void the_age_of_the_oldest_ready_message_is_known() {
        client.declare("q", true);
        assertThat(oldest("q")).isEmpty();
        long before = clock.wallMs();
        client.publish("", "q", true, "a");
        clock.advance(HOUR_MS);
        client.publish("", "q", true, "b");
        assertThat(oldest("q").orElseThrow()).isBetween(before - 1, before + 60_000);
        client.get("q", true);
        assertThat(oldest("q").orElseThrow()).isGreaterThanOrEqualTo(before + HOUR_MS - 1);
    }

    @Test
    void the_age_of_a_message_on_disk_is_known_a_little_later() {
        client.declare("q", true);
        for (int i = 0; i < 4000; i++) {
            client.publishLater("", "q", true, new byte[8000]);
        }
        assertThat(ready("q")).isEqualTo(4000);
        assertThat(oldest("q")).as("at first").isEmpty();
        eventually(() -> oldest("q").isPresent());
    }

    @Test
    void a_queue_that_nobody_uses_goes_with_its_bindings() throws IOException {
        client.declare("q", true, HOUR_LEASE);
        client.bind("q", "amq.fanout", "");
        client.publish("", "q", true, "a");
        clock.advance(HOUR_MS - 60_000);
        assertThat(exists("q")).isTrue();
        clock.advance(60_000);
        eventually(() -> !exists("q"));
        assertThat(counters().queuesExpired).isEqualTo(1);
        client.publish("amq.fanout", "", true, "nowhere");
        assertThatThrownBy(() -> client.check("q")).hasRootCauseInstanceOf(Refusal.NotFound.class);
        restart();
        assertThat(exists("q")).isFalse();
        client.declare("q", true, HOUR_LEASE);
        assertThat(ready("q")).isZero();
    }

    @Test
    void declaring_looking_and_getting_renew_the_lease_and_publishing_does_not() {
        client.declare("declared", true, HOUR_LEASE);
        client.declare("checked", true, HOUR_LEASE);
        client.declare("got", true, HOUR_LEASE);
        client.declare("published", true, HOUR_LEASE);
        for (int i = 0; i < 3; i++) {
            clock.advance(HOUR_MS - 60_000);
            client.declare("declared", true, HOUR_LEASE);
            client.check("checked");
            client.get("got", true);
            client.publish("", "published", true, "a");
        }
        eventually(() -> !exists("published"));
        assertThat(exists("declared") && exists("checked") && exists("got")).isTrue();
        clock.advance(HOUR_MS);
        eventually(() -> !exists("declared") && !exists("checked") && !exists("got"));
    }

    @Test
    void the_lease_runs_only_while_there_is_no_consumer() {
        client.declare("q", true, HOUR_LEASE);
        Inbox inbox = client.consume("q", true, 0);
        clock.advance(3 * HOUR_MS);
        client.declare("other", true, HOUR_LEASE);
        clock.advance(HOUR_MS);
        eventually(() -> !exists("other"));
        assertThat(exists("q")).isTrue();
        client.cancel(inbox);
        clock.advance(HOUR_MS - 60_000);
        assertThat(ready("q")).isZero();
        client.consume("q", true, 0);
        clock.advance(HOUR_MS);
        client.declare("other", true, HOUR_LEASE);
        clock.advance(HOUR_MS);
        eventually(() -> !exists("other"));
        assertThat(exists("q")).isTrue();
    }

    @Test
    void the_lease_of_a_durable_queue_begins_anew_with_the_broker() throws IOException {
        client.declare("q", true, HOUR_LEASE);
        close();
        clock.advance(3 * HOUR_MS);
        open();
        assertThat(exists("q")).isTrue();
        clock.advance(HOUR_MS);
        eventually(() -> !exists("q"));
    }

    @Test
    void messages_that_are_out_when_the_lease_ends_may_still_be_settled() {
        client.declare("q", true, HOUR_LEASE);
        client.publish("", "q", true, "a");
        Received taken = Objects.requireNonNull(client.get("q", false));
        clock.advance(HOUR_MS);
        eventually(() -> !exists("q"));
        client.settle(taken, Settlement.ACKNOWLEDGED);
        client.declare("q", true, HOUR_LEASE);
        assertThat(ready("q")).isZero();
    }
}
