package io.chasqui.server.fuzz;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.chasqui.server.testing.ChildBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Malformed inputs from seeds against a broker process. Each is answered as the specification says,
 * none harms another connection, and together they cost bounded memory and log.
 *
 * <p>A thousand by default; {@code -Dchasqui.fuzz.inputs=10000} and {@code
 * -Dchasqui.fuzz.seed=SEED} make it more and others. A failure names the seed of its input, which
 * alone makes it again.
 */
class MalformedInputTest {

    private static final int INPUTS = Integer.getInteger("chasqui.fuzz.inputs", 1000);
    private static final long SEED = Long.getLong("chasqui.fuzz.seed", 20_261_121);

    /** Inputs before memory is measured: classes are loaded and pools are filled by then. */
    private static final int WARM_UP = 300;

    private static final long LOG_BYTES_PER_INPUT = 300;
    private static final long GROWTH_KB = 64 * 1024;
    private static final long SLOWEST_WITNESS_MS = 10_000;
    private static final int SPARE_DESCRIPTORS = 10;

    @TempDir private Path directory;

    @Test
    void every_malformed_input_is_answered_and_harms_nobody() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/self/status")), "needs /proc");
        Map<String, String> failures = new TreeMap<>();
        Set<String> kinds = new TreeSet<>();
        try (ChildBroker broker = ChildBroker.launch(directory).awaitReady()) {
            long logBefore = logBytes(broker);
            try (Witness witness = new Witness(broker.factory())) {
                long descriptors = descriptors(broker);
                long memory = 0;
                for (int i = 0; i < INPUTS; i++) {
                    long seed = SEED + i;
                    MalformedInput input = MalformedInputs.of(seed);
                    kinds.add(input.kind());
                    try {
                        MalformedPeer.send(broker.port(), input);
                    } catch (IOException | AssertionError e) {
                        failures.putIfAbsent(input.kind(), "seed " + seed + ": " + e);
                    }
                    if (i == WARM_UP) {
                        memory = residentKb(broker);
                    }
                }
                assertThat(failures).as("one for each kind that failed").isEmpty();
                eventually(() ->
                        assertThat(descriptors(broker))
                                .isLessThanOrEqualTo(descriptors + SPARE_DESCRIPTORS));
                assertThat(residentKb(broker)).isLessThan(memory + GROWTH_KB);
                assertThat(witness.rounds()).isPositive();
                assertThat(witness.slowestMs()).isLessThan(SLOWEST_WITNESS_MS);
                report(broker, witness, kinds.size(), memory, logBytes(broker) - logBefore);
            }
            assertThat((logBytes(broker) - logBefore) / INPUTS)
                    .isLessThanOrEqualTo(LOG_BYTES_PER_INPUT);
            assertThat(broker.output())
                    .noneMatch(line -> line.contains(" ERROR "))
                    .noneMatch(line -> line.startsWith("\tat "));
        }
    }

    private static void report(
            ChildBroker broker, Witness witness, int kinds, long memoryKb, long logBytes)
            throws IOException {
        System.out.printf(
                "%d malformed inputs of %d kinds: %d B of log each; memory %d -> %d KiB;"
                        + " the witness did %d rounds, the slowest in %d ms%n",
                INPUTS,
                kinds,
                logBytes / INPUTS,
                memoryKb,
                residentKb(broker),
                witness.rounds(),
                witness.slowestMs());
    }

    private static long logBytes(ChildBroker broker) {
        return broker.output().stream().mapToLong(line -> line.getBytes(UTF_8).length + 1).sum();
    }

    private static long residentKb(ChildBroker broker) throws IOException {
        try (Stream<String> lines = Files.lines(process(broker).resolve("status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static long descriptors(ChildBroker broker) throws IOException {
        try (Stream<Path> open = Files.list(process(broker).resolve("fd"))) {
            return open.count();
        }
    }

    private static Path process(ChildBroker broker) {
        return Path.of("/proc", Long.toString(broker.pid()));
    }
}
