package io.chasqui.core.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.boot.CoreFixture.Client;
import io.chasqui.core.boot.CoreFixture.Received;
import io.chasqui.core.message.StoredMessage;
import io.chasqui.core.queue.Settlement;
import io.chasqui.core.store.FaultyDisk;
import io.chasqui.core.time.TravellingClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A queue whose messages die loses power again and again, see {@link PowerCuts}. A dead message goes
 * to two queues; after every cut each message is in its first queue and neither of these, or in both
 * of these and not in its first queue: never lost, never doubled, never half.
 */
@Timeout(
        value = 15,
        unit = TimeUnit.MINUTES) // thousands of starts, and -Dcrash.states asks for more
class DeadLetterCrashTest {

    private static final int LARGEST_IN_ONE_RECORD = 1500;

    /** States to try; -Dcrash.states=100000 for a long run. */
    private static final int STATES = Integer.getInteger("crash.states", 1000);

    private static final long SEED = Long.getLong("crash.seed", 20_261_122L);

    private static final long MINUTE_MS = 60_000;

    private final Set<String> published = ConcurrentHashMap.newKeySet();
    private final Set<String> confirmed = ConcurrentHashMap.newKeySet();
    private int rejected;

    @Test
    void whatever_a_power_cut_leaves_a_message_is_dead_or_alive_and_nothing_else()
            throws Exception {
        FaultyDisk disk = new FaultyDisk();
        PowerCuts<Set<String>> cuts =
                new PowerCuts<>(disk, STATES, SEED, () -> new HashSet<>(confirmed), this::look);
        try (CoreFixture fixture = new CoreFixture(disk, 1, PowerCuts.options())) {
            Client client = fixture.client(0).inPartsAbove(LARGEST_IN_ONE_RECORD);
            for (String queue : List.of("a", "b")) {
                client.declare(queue, true);
                client.bind(queue, "amq.fanout", "");
            }
            client.declare(
                    "q", true, Map.of("x-dead-letter-exchange", "amq.fanout", "x-max-length", 12));
            cuts.begin();
            run(client, cuts, new Random(SEED + 1));
            cuts.end();
        }
        System.out.println(
                cuts.assertNoViolation()
                        + " crash states of "
                        + rejected
                        + " rejected messages among "
                        + published.size()
                        + ", 0 violations");
    }

    /** As above; the first message stays, and all others die of age behind it, in any order. */
    @Test
    void whatever_a_power_cut_leaves_a_message_in_the_midst_has_expired_or_not() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        PowerCuts<Set<String>> cuts =
                new PowerCuts<>(disk, STATES, SEED, () -> new HashSet<>(confirmed), this::look);
        TravellingClock clock = new TravellingClock();
        long expired;
        try (CoreFixture fixture = new CoreFixture(disk, 1, PowerCuts.options(), clock)) {
            Client client = fixture.client(0).inPartsAbove(LARGEST_IN_ONE_RECORD);
            for (String queue : List.of("a", "b")) {
                client.declare(queue, true);
                client.bind(queue, "amq.fanout", "");
            }
            client.declare("q", true, Map.of("x-dead-letter-exchange", "amq.fanout"));
            cuts.begin();
            Random random = new Random(SEED + 2);
            for (int message = 0; cuts.goOn(); message++) {
                client.limitedTo(
                        message == 0
                                ? StoredMessage.FOR_EVER
                                : (1 + random.nextInt(10)) * MINUTE_MS);
                CompletableFuture<Void> safe = publish(client, message, random);
                if (random.nextInt(4) == 0) {
                    safe.join();
                }
                clock.advance(MINUTE_MS / 2);
            }
            cuts.end();
            expired = fixture.broker.shard(0).counters().expired;
        }
        assertThat(expired).isGreaterThan(published.size() / 2);
        System.out.println(
                cuts.assertNoViolation()
                        + " crash states of "
                        + expired
                        + " expired messages among "
                        + published.size()
                        + ", 0 violations");
    }

    private CompletableFuture<Void> publish(Client client, int message, Random random) {
        String number = String.format(Locale.ROOT, "%06d", message);
        int filler =
                random.nextInt(20) == 0
                        ? LARGEST_IN_ONE_RECORD + random.nextInt(3000)
                        : random.nextInt(200);
        byte[] body = (number + ".".repeat(filler)).getBytes(StandardCharsets.US_ASCII);
        published.add(number);
        return client.publishLater("", "q", true, body).thenRun(() -> confirmed.add(number));
    }

    private void run(Client client, PowerCuts<?> cuts, Random random) {
        for (int message = 0; cuts.goOn(); message++) {
            var unused = publish(client, message, random);
            if (random.nextInt(3) == 0) {
                Received received = client.get("q", false);
                if (received != null) {
                    rejected++;
                    client.settle(received, Settlement.REJECTED);
                }
            }
        }
    }

    private void look(FaultyDisk disk, Set<String> known) throws IOException {
        try (CoreFixture fixture = new CoreFixture(disk, 1, PowerCuts.options())) {
            Client client = fixture.client(0);
            List<String> alive = drain(client, "q");
            List<String> dead = drain(client, "a");
            assertThat(alive).doesNotHaveDuplicates();
            assertThat(dead).doesNotHaveDuplicates();
            assertThat(dead).as("dead and alive").noneMatch(alive::contains);
            assertThat(drain(client, "b")).as("the dead in the other queue").isEqualTo(dead);
            Set<String> all = new HashSet<>(alive);
            all.addAll(dead);
            assertThat(all).as("what was confirmed").containsAll(known);
            assertThat(published).as("what was published").containsAll(all);
        }
    }

    /** The six digits that each message begins with, behind what tells of its death. */
    private static List<String> drain(Client client, String queue) {
        List<String> found = new ArrayList<>();
        for (Received next = client.get(queue, false);
                next != null;
                next = client.get(queue, false)) {
            String body = next.body().lines().toList().getLast();
            assertThat(body.substring(6)).matches("\\.*");
            found.add(body.substring(0, 6));
        }
        assertThat(client.unreadable()).as("unreadable messages in " + queue).isZero();
        return found;
    }
}
