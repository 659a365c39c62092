package io.chasqui.core.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.boot.CoreFixture.Client;
import io.chasqui.core.boot.CoreFixture.Received;
import io.chasqui.core.queue.Settlement;
import io.chasqui.core.store.FaultyDisk;
import io.chasqui.core.time.TravellingClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The whole engine loses power again and again: before every single change to the disk of a seeded
 * run, every prefix of the un-synced changes is taken as what survived, and a sample of arbitrary
 * subsets of their 512-byte sectors; each is started anew, some twice. Whatever was confirmed and not
 * acknowledged must be there, nothing else may, in order.
 */
@Timeout(
        value = 15,
        unit = TimeUnit.MINUTES) // thousands of starts, and -Dcrash.states asks for more
class BrokerCrashTest {

    private static final List<String> QUEUES = List.of("a", "b");

    /** Its messages expire; some live for less than the queue allows. */
    private static final String LIMITED = "e";

    /** Its messages come by priority, which a message's number tells. */
    private static final String URGENT = "b";

    private static final int MOST_URGENT = 3;

    private static final long QUEUE_TTL_MS = 3_600_000;

    /** Between the test's noting the time and the broker's stamping the message, at most. */
    private static final long STAMPED_LATER_MS = 10_000;

    private static final Comparator<String> BY_NUMBER = Comparator.naturalOrder();

    private static final Comparator<String> BY_URGENCY =
            Comparator.comparingInt(BrokerCrashTest::urgency).reversed().thenComparing(BY_NUMBER);

    private static final long[] OWN_TTL_MS = {-1, 1_800_000, 7_200_000};

    private static final int LARGEST_IN_ONE_RECORD = 1500;

    /** States to try; -Dcrash.states=100000 for a long run. */
    private static final int STATES = Integer.getInteger("crash.states", 1500);

    private static final long SEED = Long.getLong("crash.seed", 20_261_121L);

    /** What the clients know; written as the run goes, read by the crashes. */
    private static final class Known {
        final Set<String> published = ConcurrentHashMap.newKeySet();
        final Set<String> confirmed = ConcurrentHashMap.newKeySet();
        final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        final Map<String, Long> deadlines = new ConcurrentHashMap<>();
    }

    private final Known known = new Known();
    private final TravellingClock clock = new TravellingClock();

    @Test
    void whatever_a_power_cut_leaves_confirmed_messages_are_there_in_order_and_nothing_else()
            throws Exception {
        FaultyDisk disk = new FaultyDisk();
        PowerCuts<Set<String>> cuts =
                new PowerCuts<>(disk, STATES, SEED, () -> Set.copyOf(known.confirmed), this::look);
        try (CoreFixture fixture = new CoreFixture(disk, 1, PowerCuts.options(), clock)) {
            Client client = fixture.client(0).inPartsAbove(LARGEST_IN_ONE_RECORD);
            client.declare("a", true);
            client.declare(URGENT, true, Map.of("x-max-priority", MOST_URGENT));
            client.declare("t", false);
            client.declare(LIMITED, true, Map.of("x-message-ttl", QUEUE_TTL_MS));
            QUEUES.forEach(queue -> client.bind(queue, "amq.fanout", ""));
            client.bind("t", "amq.fanout", "");
            cuts.begin();
            run(client, cuts, new Random(SEED + 1));
            cuts.end();
        }
        System.out.println(cuts.assertNoViolation() + " crash states, 0 violations");
    }

    private void run(Client client, PowerCuts<?> cuts, Random random) {
        Deque<CompletableFuture<Void>> underWay = new ArrayDeque<>();
        for (int id = 0; cuts.goOn(); id++) {
            String body = body(id, random);
            known.published.add(body.substring(0, 6));
            boolean toAll = random.nextInt(3) == 0;
            String queue = QUEUES.get(random.nextInt(QUEUES.size()));
            underWay.add(
                    client.urgent(id % 6 - 1)
                            .publishLater(
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

    private static int urgency(String number) {
        return Math.clamp(Integer.parseInt(number) % 6 - 1, 0, MOST_URGENT);
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

    private void look(FaultyDisk disk, Set<String> confirmed) throws IOException {
        synchronized (clock) { // no time passes meanwhile
            lookNow(disk, confirmed);
        }
    }

    private void lookNow(FaultyDisk disk, Set<String> confirmed) throws IOException {
        try (CoreFixture fixture = new CoreFixture(disk, 1, PowerCuts.options(), clock)) {
            Client client = fixture.client(0);
            checkLimited(client, confirmed);
            for (String queue : QUEUES) {
                Comparator<String> order = queue.equals(URGENT) ? BY_URGENCY : BY_NUMBER;
                List<String> found = PowerCuts.drain(client, queue, order);
                assertThat(known.published).as("published").containsAll(found);
                for (String message : confirmed) {
                    if (message.startsWith(queue) && !known.acknowledged.contains(message)) {
                        assertThat(found).as(queue).contains(message.substring(1));
                    }
                }
            }
        }
    }

    /** Each message is there or has expired; none is there that should have expired. */
    private void checkLimited(Client client, Set<String> confirmed) {
        long before = clock.wallMs();
        List<String> found = PowerCuts.drain(client, LIMITED);
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
}
