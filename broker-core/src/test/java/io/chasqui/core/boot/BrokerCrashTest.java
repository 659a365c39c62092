package io.chasqui.core.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.boot.CoreFixture.Client;
import io.chasqui.core.boot.CoreFixture.Received;
import io.chasqui.core.queue.Settlement;
import io.chasqui.core.store.FaultyDisk;
import io.chasqui.core.time.TravellingClock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The whole engine loses power again and again: before every single change to the disk of a seeded
 * run, every prefix of the un-synced changes is taken as what survived, and a sample of arbitrary
 * subsets of their 512-byte sectors; each is started anew, some twice. Whatever was confirmed and not
 * acknowledged must be there, nothing else may, in order.
 */
class BrokerCrashTest {

    private static final List<String> QUEUES = List.of("a", "b");

    /** Its messages expire; some live for less than the queue allows. */
    private static final String LIMITED = "e";

    private static final long QUEUE_TTL_MS = 3_600_000;

    /** Between the test's noting the time and the broker's stamping the message, at most. */
    private static final long STAMPED_LATER_MS = 10_000;

    private static final long[] OWN_TTL_MS = {-1, 1_800_000, 7_200_000};

    private static final int LARGEST_IN_ONE_RECORD = 1500;

    /** States to try; -Dcrash.states=100000 for a long run. */
    private static final int STATES = Integer.getInteger("crash.states", 1500);

    private static final long SEED = Long.getLong("crash.seed", 20_261_121L);

    private static BrokerOptions options() {
        return new BrokerOptions(
                64 << 10,
                64 << 10,
                14,
                1 << 20,
                1 << 20,
                24 << 10,
                60_000,
                OptionalLong.of(0),
                32 << 10,
                "/",
                new BrokerOptions.FirstUser("guest", "guest", 1));
    }

    /** What the clients know; written as the run goes, read by the crashes. */
    private static final class Known {
        final Set<String> published = ConcurrentHashMap.newKeySet();
        final Set<String> confirmed = ConcurrentHashMap.newKeySet();
        final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        final Map<String, Long> deadlines = new ConcurrentHashMap<>();
    }

    private final Known known = new Known();
    private final Random crashes = new Random(SEED);
    private final TravellingClock clock = new TravellingClock();
    private int states;
    private @Nullable Throwable violation;
    private boolean crashing;

    @Test
    void whatever_a_power_cut_leaves_confirmed_messages_are_there_in_order_and_nothing_else()
            throws Exception {
        FaultyDisk disk = new FaultyDisk();
        try (CoreFixture fixture = new CoreFixture(disk, 1, options(), clock)) {
            Client client = fixture.client(0).inPartsAbove(LARGEST_IN_ONE_RECORD);
            QUEUES.forEach(queue -> client.declare(queue, true));
            client.declare("t", false);
            client.declare(LIMITED, true, Map.of("x-message-ttl", QUEUE_TTL_MS));
            QUEUES.forEach(queue -> client.bind(queue, "amq.fanout", ""));
            client.bind("t", "amq.fanout", "");
            disk.beforeOperation(() -> crash(disk));
            run(client, new Random(SEED + 1));
            disk.beforeOperation(() -> {});
        }
        if (violation != null) {
            throw new AssertionError(
                    "seed " + SEED + ", state " + states + ": " + violation, violation);
        }
        System.out.println(states + " crash states, 0 violations");
        assertThat(states).isGreaterThanOrEqualTo(STATES);
    }

    private void run(Client client, Random random) {
        Deque<CompletableFuture<Void>> underWay = new ArrayDeque<>();
        for (int id = 0; states < STATES && violation == null; id++) {
            String body = body(id, random);
            known.published.add(body.substring(0, 6));
            boolean toAll = random.nextInt(3) == 0;
            String queue = QUEUES.get(random.nextInt(QUEUES.size()));
            underWay.add(
                    client.publishLater(
                                    toAll ? "amq.fanout" : "",
                                    toAll ? "" : queue,
                                    true,
                                    body.getBytes(StandardCharsets.US_ASCII))
                            .thenRun(() -> confirmed(toAll ? QUEUES : List.of(queue), body)));
            if (random.nextInt(2) == 0) {
                underWay.add(publishLimited(client, id, random));
            }
            if (underWay.size() > 6) {
                underWay.remove().join();
            }
            if (random.nextInt(2) == 0) {
                consume(client, QUEUES.get(random.nextInt(QUEUES.size())), random);
            }
            if (random.nextInt(3) == 0) {
                client.get("t", true);
            }
        }
        underWay.forEach(CompletableFuture::join);
    }

    /** Publishes to the queue that lets its messages expire, and lets time pass. */
    private CompletableFuture<Void> publishLimited(Client client, int id, Random random) {
        String body = body(id, random);
        long ttl = OWN_TTL_MS[random.nextInt(OWN_TTL_MS.length)];
        long shorter = ttl < 0 ? QUEUE_TTL_MS : Math.min(ttl, QUEUE_TTL_MS);
        known.deadlines.put(body.substring(0, 6), clock.wallMs() + shorter);
        CompletableFuture<Void> confirmed =
                client.limitedTo(ttl)
                        .publishLater("", LIMITED, true, body.getBytes(StandardCharsets.US_ASCII))
                        .thenRun(() -> confirmed(List.of(LIMITED), body));
        client.limitedTo(-1);
        // What is still on its way to be stamped must not be stamped later than noted here.
        confirmed.join();
        synchronized (clock) {
            clock.advance(random.nextInt(300_000));
        }
        if (random.nextInt(4) == 0) {
            consume(client, LIMITED, random);
        }
        return confirmed;
    }

    private static String body(int id, Random random) {
        int filler =
                random.nextInt(20) == 0
                        ? LARGEST_IN_ONE_RECORD + random.nextInt(4000)
                        : random.nextInt(300);
        return String.format(java.util.Locale.ROOT, "%06d", id) + ".".repeat(filler);
    }

    private void confirmed(List<String> queues, String body) {
        queues.forEach(queue -> known.confirmed.add(queue + body.substring(0, 6)));
    }

    private void consume(Client client, String queue, Random random) {
        Received received = client.get(queue, false);
        if (received == null) {
            return;
        }
        if (random.nextInt(8) == 0) {
            client.settle(received, Settlement.REQUEUED);
        } else {
            known.acknowledged.add(queue + received.body().substring(0, 6));
            client.settle(received, Settlement.ACKNOWLEDGED);
        }
    }

    /** Runs before each change, on the thread that makes it. */
    private void crash(FaultyDisk disk) {
        if (states >= STATES || violation != null || crashing) {
            return;
        }
        crashing = true;
        try {
            Set<String> confirmed = Set.copyOf(known.confirmed);
            List<FaultyDisk> survivors = new ArrayList<>();
            for (int changes = disk.pendingChanges(); changes >= 0; changes--) {
                survivors.add(disk.cutAfter(changes));
            }
            survivors.add(disk.cutAtRandom(crashes));
            survivors.add(disk.cutAtRandom(crashes));
            synchronized (clock) { // no time passes while a survivor is looked at
                for (FaultyDisk survivor : survivors) {
                    states++;
                    check(survivor, confirmed, crashes.nextInt(4) == 0);
                }
            }
        } catch (Throwable t) {
            violation = t;
        } finally {
            crashing = false;
        }
    }

    private void check(FaultyDisk disk, Set<String> confirmed, boolean twice) {
        if (twice) {
            // The second crash comes at some change that the first recovery makes.
            FaultyDisk[] cut = new FaultyDisk[1];
            int[] countdown = {crashes.nextInt(12)};
            disk.beforeOperation(() -> {
                if (countdown[0]-- == 0) {
                    cut[0] = disk.cutAtRandom(crashes);
                }
            });
            open(disk, confirmed);
            disk.beforeOperation(() -> {});
            if (cut[0] != null) {
                open(cut[0], confirmed);
            }
        } else {
            open(disk, confirmed);
        }
    }

    private void open(FaultyDisk disk, Set<String> confirmed) {
        try (CoreFixture fixture = new CoreFixture(disk, 1, options(), clock)) {
            Client client = fixture.client(0);
            checkLimited(client, confirmed);
            for (String queue : QUEUES) {
                List<String> found = drain(client, queue);
                assertThat(found).as("order in " + queue).isSorted().doesNotHaveDuplicates();
                assertThat(known.published).as("published").containsAll(found);
                for (String message : confirmed) {
                    if (message.startsWith(queue) && !known.acknowledged.contains(message)) {
                        assertThat(found).as(queue).contains(message.substring(1));
                    }
                }
            }
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Each message is there or has expired; none is there that should have expired. */
    private void checkLimited(Client client, Set<String> confirmed) {
        long before = clock.wallMs();
        List<String> found = drain(client, LIMITED);
        assertThat(found).as("order in " + LIMITED).isSorted().doesNotHaveDuplicates();
        assertThat(known.deadlines.keySet()).as("published").containsAll(found);
        assertThat(found)
                .as("not expired")
                .allMatch(id -> known.deadlines.getOrDefault(id, 0L) + STAMPED_LATER_MS > before);
        long now = clock.wallMs();
        for (String message : confirmed) {
            String id = message.substring(1);
            if (message.startsWith(LIMITED)
                    && !known.acknowledged.contains(message)
                    && known.deadlines.getOrDefault(id, 0L) > now) {
                assertThat(found).as(LIMITED).contains(id);
            }
        }
    }

    private static List<String> drain(Client client, String queue) {
        List<String> found = new ArrayList<>();
        for (Received next = client.get(queue, false);
                next != null;
                next = client.get(queue, false)) {
            assertThat(next.redelivered()).as("flag of " + next.body()).isTrue();
            String body = next.body();
            assertThat(body.substring(6)).matches("\\.*");
            found.add(body.substring(0, 6));
        }
        assertThat(client.unreadable()).as("unreadable messages in " + queue).isZero();
        return found;
    }
}
