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
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Transactions over two queues lose power again and again: before every single change to the disk of
 * a seeded run, every prefix of the un-synced changes is taken as what survived, and a sample of
 * arbitrary subsets of their sectors; each is started anew, some twice. Of every transaction all
 * publishes and acknowledgements must have happened, or none; all, if its commit was answered; none,
 * if it was rolled back.
 */
@Timeout(
        value = 15,
        unit = TimeUnit.MINUTES) // thousands of starts, and -Dcrash.states asks for more
class TransactionCrashTest {

    private static final List<String> QUEUES = List.of("a", "b");
    private static final int LARGEST_IN_ONE_RECORD = 1500;

    /** States to try; -Dcrash.states=100000 for a long run. */
    private static final int STATES = Integer.getInteger("crash.states", 1200);

    private static final long SEED = Long.getLong("crash.seed", 20_261_121L);

    /** A transaction as its client knows it; messages as queue name and number. */
    private static final class Known {
        final List<String> published = new ArrayList<>();
        final List<String> acknowledged = new ArrayList<>();
        boolean rolledBack;
        volatile boolean answered;
    }

    /** Guarded by itself: written by the client, read by the crashes. */
    private final List<Known> transactions = new ArrayList<>();

    private int messages;

    @Test
    void whatever_a_power_cut_leaves_a_transaction_happened_as_a_whole_or_not_at_all()
            throws Exception {
        FaultyDisk disk = new FaultyDisk();
        PowerCuts<Set<Known>> cuts =
                new PowerCuts<>(disk, STATES, SEED, this::answered, this::look);
        try (CoreFixture fixture = new CoreFixture(disk, 1, PowerCuts.options())) {
            Client client = fixture.client(0).inPartsAbove(LARGEST_IN_ONE_RECORD);
            QUEUES.forEach(queue -> client.declare(queue, true));
            QUEUES.forEach(queue -> client.bind(queue, "amq.fanout", ""));
            cuts.begin();
            run(client, cuts, new Random(SEED + 1));
            cuts.end();
        }
        System.out.println(
                cuts.assertNoViolation()
                        + " crash states of "
                        + transactions.size()
                        + " transactions, 0 violations");
    }

    private void run(Client client, PowerCuts<?> cuts, Random random) {
        Transaction transaction = client.transaction();
        Deque<CompletableFuture<Void>> underWay = new ArrayDeque<>();
        while (cuts.goOn()) {
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
                CompletableFuture<Void> commit =
                        random.nextBoolean()
                                ? client.commit(transaction)
                                : client.commitIfAllFit(transaction);
                underWay.add(commit.thenRun(() -> known.answered = true));
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

    private Set<Known> answered() {
        synchronized (transactions) {
            Set<Known> answered = new HashSet<>(transactions);
            answered.removeIf(known -> !known.answered);
            return answered;
        }
    }

    private void look(FaultyDisk disk, Set<Known> answered) throws IOException {
        Set<String> found = new HashSet<>();
        try (CoreFixture fixture = new CoreFixture(disk, 1, PowerCuts.options())) {
            Client client = fixture.client(0);
            for (String queue : QUEUES) {
                List<String> inOrder = PowerCuts.drain(client, queue);
                inOrder.forEach(number -> found.add(queue + number));
            }
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
}
