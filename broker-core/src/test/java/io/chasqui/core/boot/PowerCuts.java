package io.chasqui.core.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.boot.CoreFixture.Client;
import io.chasqui.core.boot.CoreFixture.Received;
import io.chasqui.core.store.FaultyDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes the power from an engine again and again: before every single change to its disk, every
 * prefix of the un-synced changes is taken as what survived, and a sample of arbitrary subsets of
 * their 512-byte sectors; each is started anew and looked at, some twice.
 *
 * @param <K> what the clients know at the moment of a cut
 */
final class PowerCuts<K> {

    private final FaultyDisk disk;
    private final int wanted;
    private final long seed;
    private final Supplier<K> known;
    private final Restart<K> restart;
    private final Random random;
    private int states;
    private @Nullable Throwable violation;
    private boolean crashing;

    /** Starts an engine on what survived and looks at what it has. */
    @FunctionalInterface
    interface Restart<K> {
        void look(FaultyDisk survivor, K known) throws IOException;
    }

    /**
     * @param wanted how many states to try
     * @param known taken before each cut, by the thread that changes the disk
     */
    PowerCuts(FaultyDisk disk, int wanted, long seed, Supplier<K> known, Restart<K> restart) {
        this.disk = disk;
        this.wanted = wanted;
        this.seed = seed;
        this.known = known;
        this.restart = restart;
        this.random = new Random(seed);
    }

    /** Small logs and pages, so that segments change often. */
    static BrokerOptions options() {
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
                new BrokerOptions.FirstUser("guest", "guest", 1),
                BrokerOptions.QueueDefaults.STANDARD,
                "chasqui@test");
    }

    /** Cuts from now on, until {@link #end}. */
    void begin() {
        disk.beforeOperation(this::crash);
    }

    void end() {
        disk.beforeOperation(() -> {});
    }

    /** Whether the run should go on. */
    boolean goOn() {
        return states < wanted && violation == null;
    }

    /**
     * How many states were tried, all that were wanted.
     *
     * @throws AssertionError if one was not as it should be
     */
    int assertNoViolation() {
        if (violation != null) {
            throw new AssertionError(
                    "seed " + seed + ", state " + states + ": " + violation, violation);
        }
        assertThat(states).isGreaterThanOrEqualTo(wanted);
        return states;
    }

    /** Runs before each change, on the thread that makes it. */
    private void crash() {
        if (!goOn() || crashing) {
            return;
        }
        crashing = true;
        try {
            K before = known.get();
            List<FaultyDisk> survivors = new ArrayList<>();
            for (int changes = disk.pendingChanges(); changes >= 0; changes--) {
                survivors.add(disk.cutAfter(changes));
            }
            survivors.add(disk.cutAtRandom(random));
            survivors.add(disk.cutAtRandom(random));
            for (FaultyDisk survivor : survivors) {
                states++;
                check(survivor, before, random.nextInt(4) == 0);
            }
        } catch (Throwable t) {
            violation = t;
        } finally {
            crashing = false;
        }
    }

    private void check(FaultyDisk survivor, K before, boolean twice) throws IOException {
        if (!twice) {
            restart.look(survivor, before);
            return;
        }
        // The second crash comes at some change that the first recovery makes.
        FaultyDisk[] cut = new FaultyDisk[1];
        int[] countdown = {random.nextInt(12)};
        survivor.beforeOperation(() -> {
            if (countdown[0]-- == 0) {
                cut[0] = survivor.cutAtRandom(random);
            }
        });
        restart.look(survivor, before);
        survivor.beforeOperation(() -> {});
        if (cut[0] != null) {
            restart.look(cut[0], before);
        }
    }

    /** Takes every message out of a queue that was recovered; the six digits that each begins with. */
    static List<String> drain(Client client, String queue) {
        return drain(client, queue, Comparator.naturalOrder());
    }

    /** The same for a queue with an order of its own. */
    static List<String> drain(Client client, String queue, Comparator<String> order) {
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
        assertThat(found)
                .as("order in " + queue)
                .isSortedAccordingTo(order)
                .doesNotHaveDuplicates();
        return found;
    }
}
