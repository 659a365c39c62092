package io.chasqui.core.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.boot.CoreFixture.Client;
import io.chasqui.core.boot.CoreFixture.Received;
import io.chasqui.core.queue.Settlement;
import io.chasqui.core.session.Transaction;
import io.chasqui.core.store.FaultyDisk;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Transactions over two queues lose power again and again: before every single change to the disk of
 * a seeded run, every prefix of the un-synced changes is taken as what survived, and a sample of
 * arbitrary subsets of their sectors; each is started anew, some twice. Of every transaction all
 * publishes and acknowledgements must have happened, or none; all, if its commit was answered; none,
 * if it was rolled back.
 */
class TransactionCrashTest {

    private static final List<String> QUEUES = List.of("a", "b");
    private static final int LARGEST_IN_ONE_RECORD = 1500;

    /** States to try; -Dcrash.states=100000 for a long run. */
    private static final int STATES = Integer.getInteger("crash.states", 1200);

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

    /** A transaction as its client knows it; messages as queue name and number. */
    private static final class Known {
        final List<String> published = new ArrayList<>();
        final List<String> acknowledged = new ArrayList<>();
        boolean rolledBack;
        volatile boolean answered;
    }

    /** Guarded by itself: written by the client, read by the crashes. */
    private final List<Known> transactions = new ArrayList<>();

    private final Random crashes = new Random(SEED);
    private int states;
    private int messages;
    private @Nullable Throwable violation;
    private boolean crashing;

    @Test
    void whatever_a_power_cut_leaves_a_transaction_happened_as_a_whole_or_not_at_all()
            throws Exception {
        FaultyDisk disk = new FaultyDisk();
        try (CoreFixture fixture = new CoreFixture(disk, 1, options())) {
            Client client = fixture.client(0).inPartsAbove(LARGEST_IN_ONE_RECORD);
            QUEUES.forEach(queue -> client.declare(queue, true));
            QUEUES.forEach(queue -> client.bind(queue, "amq.fanout", ""));
            disk.beforeOperation(() -> crash(disk));
            run(client, new Random(SEED + 1));
            disk.beforeOperation(() -> {});
        }
        if (violation != null) {
            throw new AssertionError(
                    "seed " + SEED + ", state " + states + ": " + violation, violation);
        }
        System.out.println(
                states + " crash states of " + transactions.size() + " transactions, 0 violations");
        assertThat(states).isGreaterThanOrEqualTo(STATES);
    }

    private void run(Client client, Random random) {
        Transaction transaction = client.transaction();
        Deque<CompletableFuture<Void>> underWay = new ArrayDeque<>();
        while (states < STATES && violation == null) {
            Known known = new Known();
            known.rolledBack = random.nextInt(8) == 0;
            publish(client, transaction, known, random);
            List<Received> taken = acknowledge(client, transaction, known, random);
            synchronized (transactions) {
                transactions.add(known);
            }
            if (known.rolledBack) {
                client.rollback(transaction);
                taken.forEach(received -> client.settle(received, Settlement.REQUEUED));
            } else {
                underWay.add(client.commit(transaction).thenRun(() -> known.answered = true));
            }
            if (underWay.size() > 3) {
                underWay.remove().join();
            }
        }
        underWay.forEach(CompletableFuture::join);
    }

    private void publish(Client client, Transaction transaction, Known known, Random random) {
        for (int i = random.nextInt(4); i >= 0; i--) {
            String number = String.format(Locale.ROOT, "%06d", messages++);
            int filler =
                    random.nextInt(20) == 0
                            ? LARGEST_IN_ONE_RECORD + random.nextInt(3000)
                            : random.nextInt(200);
            String body = number + ".".repeat(filler);
            if (random.nextInt(3) == 0) {
                QUEUES.forEach(queue -> known.published.add(queue + number));
                client.publish(transaction, "amq.fanout", "", body);
            } else {
                String queue = QUEUES.get(random.nextInt(QUEUES.size()));
                known.published.add(queue + number);
                client.publish(transaction, "", queue, body);
            }
        }
    }

    private static List<Received> acknowledge(
            Client client, Transaction transaction, Known known, Random random) {
        List<Received> taken = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            String queue = QUEUES.get(random.nextInt(QUEUES.size()));
            Received received = client.get(queue, false);
            if (received != null) {
                taken.add(received);
                known.acknowledged.add(queue + received.body().substring(0, 6));
                client.settle(transaction, received, Settlement.ACKNOWLEDGED);
            }
        }
        return taken;
    }

    /** Runs before each change, on the thread that makes it. */
    private void crash(FaultyDisk disk) {
        if (states >= STATES || violation != null || crashing) {
            return;
        }
        crashing = true;
        try {
            List<Known> started;
            synchronized (transactions) {
                started = List.copyOf(transactions);
            }
            Set<Known> answered = new HashSet<>(started);
            answered.removeIf(known -> !known.answered);
            List<FaultyDisk> survivors = new ArrayList<>();
            for (int changes = disk.pendingChanges(); changes >= 0; changes--) {
                survivors.add(disk.cutAfter(changes));
            }
            survivors.add(disk.cutAtRandom(crashes));
            survivors.add(disk.cutAtRandom(crashes));
            for (FaultyDisk survivor : survivors) {
                states++;
                check(survivor, answered, crashes.nextInt(4) == 0);
            }
        } catch (Throwable t) {
            violation = t;
        } finally {
            crashing = false;
        }
    }

    private void check(FaultyDisk disk, Set<Known> answered, boolean twice) {
        if (twice) {
            // The second crash comes at some change that the first recovery makes.
            FaultyDisk[] cut = new FaultyDisk[1];
            int[] countdown = {crashes.nextInt(12)};
            disk.beforeOperation(() -> {
                if (countdown[0]-- == 0) {
                    cut[0] = disk.cutAtRandom(crashes);
                }
            });
            open(disk, answered);
            disk.beforeOperation(() -> {});
            if (cut[0] != null) {
                open(cut[0], answered);
            }
        } else {
            open(disk, answered);
        }
    }

    private void open(FaultyDisk disk, Set<Known> answered) {
        Set<String> found = new HashSet<>();
        try (CoreFixture fixture = new CoreFixture(disk, 1, options())) {
            Client client = fixture.client(0);
            for (String queue : QUEUES) {
                List<String> inOrder = drain(client, queue);
                assertThat(inOrder).as("order in " + queue).isSorted().doesNotHaveDuplicates();
                inOrder.forEach(number -> found.add(queue + number));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        List<Known> known;
        synchronized (transactions) {
            known = List.copyOf(transactions);
        }
        judge(known, answered, found);
    }

    private static void judge(List<Known> all, Set<Known> answered, Set<String> found) {
        Map<String, Known> publishedBy = new HashMap<>();
        Set<String> perhapsAcknowledged = new HashSet<>();
        for (Known known : all) {
            known.published.forEach(message -> publishedBy.put(message, known));
            if (!known.rolledBack) {
                perhapsAcknowledged.addAll(known.acknowledged);
            }
        }
        assertThat(publishedBy.keySet()).as("published").containsAll(found);
        for (Known known : all) {
            boolean anyPublished = known.published.stream().anyMatch(found::contains);
            boolean anyUnacknowledged = known.acknowledged.stream().anyMatch(found::contains);
            if (known.rolledBack) {
                assertThat(anyPublished).as("rolled back").isFalse();
            } else if (anyPublished || answered.contains(known)) {
                assertThat(anyUnacknowledged).as("committed, with its acknowledgements").isFalse();
                for (String message : known.published) {
                    if (!perhapsAcknowledged.contains(message)) {
                        assertThat(found).as("committed").contains(message);
                    }
                }
            } else if (anyUnacknowledged) {
                // It did not happen, so that what it acknowledged is there, if it ever was.
                for (String message : known.acknowledged) {
                    Known publisher = publishedBy.get(message);
                    if (publisher != null
                            && publisher.published.stream().anyMatch(found::contains)) {
                        assertThat(found).as("not committed").contains(message);
                    }
                }
            }
        }
    }

    private static List<String> drain(Client client, String queue) {
        List<String> found = new ArrayList<>();
        for (Received next = client.get(queue, false);
                next != null;
                next = client.get(queue, false)) {
            String body = next.body();
            assertThat(body.substring(6)).matches("\\.*");
            found.add(body.substring(0, 6));
        }
        assertThat(client.unreadable()).as("unreadable messages in " + queue).isZero();
        return found;
    }
}
