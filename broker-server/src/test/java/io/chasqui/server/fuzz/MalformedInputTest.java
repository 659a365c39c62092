package io.chasqui.server.fuzz;

import static io.chasqui.server.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.chasqui.server.testing.ChildBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Malformed inputs from seeds against a broker process. Each is answered as the specification says,
 * none harms another connection, and together they cost bounded memory and log, which nothing throttles
 * here.
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

    private static final String UNLIMITED_LOG = "log.rate-limit=0";
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
        LogShares shares = new LogShares();
        List<String> lines;
        try (ChildBroker broker = ChildBroker.launch(directory, UNLIMITED_LOG).awaitReady()) {
            int linesBefore = broker.output().size();
            try (Witness witness = new Witness(broker.factory())) {
                long descriptors = descriptors(broker);
                long memory = 0;
                for (int i = 0; i < INPUTS; i++) {
                    long seed = SEED + i;
                    MalformedInput input = MalformedInputs.of(seed);
                    kinds.add(input.kind());
                    try {
                        MalformedPeer.send(shares.sender(input.kind(), seed), broker.port(), input);
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
                lines = broker.output();
                lines = lines.subList(linesBefore, lines.size());
                shares.count(lines);
                report(broker, witness, kinds.size(), memory, lines, shares);
                assertThat(lines)
                        .allSatisfy(line ->
                                assertThat(LogShares.bytes(line))
                                        .isLessThanOrEqualTo(LOG_BYTES_PER_INPUT));
            }
            assertThat(lines.stream().mapToLong(LogShares::bytes).sum() / INPUTS)
                    .isLessThanOrEqualTo(LOG_BYTES_PER_INPUT);
            assertThat(shares.meanByKind())
                    .allSatisfy((kind, bytes) ->
                            assertThat(bytes).as(kind).isLessThanOrEqualTo(LOG_BYTES_PER_INPUT));
            assertThat(broker.output())
                    .noneMatch(line -> line.contains(" ERROR "))
                    .noneMatch(line -> line.startsWith("\tat "));
        }
    }

    private static void report(
            ChildBroker broker,
            Witness witness,
            int kinds,
            long memoryKb,
            List<String> lines,
            LogShares shares)
            throws IOException {
        System.out.printf(
                "%d malformed inputs of %d kinds: %d B of log each, the most complaints about one %s;"
                        + " memory %d -> %d KiB; the witness did %d rounds, the slowest in %d ms%n",
                INPUTS,
                kinds,
                lines.stream().mapToLong(LogShares::bytes).sum() / INPUTS,
                shares.largest(),
                memoryKb,
                residentKb(broker),
                witness.rounds(),
                witness.slowestMs());
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
