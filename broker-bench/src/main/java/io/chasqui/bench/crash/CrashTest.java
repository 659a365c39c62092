package io.chasqui.bench.crash;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The crash test's command line; it ends with 1 if the broker broke a promise. */
@Command(
        name = "crash-test",
        description = "Kills a broker again and again under load and says what was lost.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class CrashTest implements Callable<Integer> {

    @Parameters(
            paramLabel = "COMMAND",
            description =
                    "Starts the broker, after --: its process must be the broker itself,"
                            + " and print a line that starts with 'ready'.")
    private List<String> command = new ArrayList<>();

    @Option(names = "--start", description = "Instead: starts a broker, returns when it is ready.")
    private @Nullable String startCommand;

    @Option(names = "--kill", description = "With --start: kills it, returns when it is gone.")
    private @Nullable String killCommand;

    @Option(names = "--uri", description = "Where the broker listens.")
    private String uri = "amqp://guest:guest@127.0.0.1:5672";

    @Option(names = "--rounds", description = "Kills under load.")
    private int rounds = 100;

    @Option(names = "--seed", description = "Decides when kills come and what is published.")
    private long seed = 1;

    @Option(names = "--kill-after-min", description = "Milliseconds of load before a kill.")
    private int killAfterLeast = 300;

    @Option(names = "--kill-after-max", description = "Milliseconds of load before a kill.")
    private int killAfterMost = 2000;

    @Option(names = "--kill-starting", description = "Percentage of starts that are killed too.")
    private int killStarting = 10;

    @Option(names = "--publishers")
    private int publishers = 3;

    @Option(names = "--queues", description = "Work queues; a fanout to three more is added.")
    private int queues = 3;

    @Option(names = "--consumers", description = "Of each work queue; the first has one always.")
    private int consumers = 2;

    @Option(names = "--prefetch")
    private int prefetch = 50;

    @Option(names = "--rate", description = "Messages a second of each publisher.")
    private int rate = 1000;

    @Option(names = "--window", description = "Publishes a publisher may have unconfirmed.")
    private int window = 200;

    @Option(names = "--size", description = "Octets of a message's body.")
    private int size = 200;

    @Option(names = "--large-every", description = "One message of so many has 300 kB; 0: none.")
    private int largeEvery = 500;

    @Option(names = "--backlog", description = "Let a queue grow that is consumed in the end only.")
    private boolean backlog;

    @Option(names = "--start-timeout", description = "Seconds.")
    private int startTimeout = 60;

    @Option(names = "--drain-timeout", description = "Seconds.")
    private int drainTimeout = 120;

    @Option(names = "--broker-log", description = "Where the broker's output goes.")
    private String brokerLog = "crash-test-broker.log";

    @Spec private @Nullable CommandSpec spec;

    public static void main(String... arguments) {
        System.exit(new CommandLine(new CrashTest()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (PrintStream log = new PrintStream(brokerLog, StandardCharsets.UTF_8)) {
            CrashableBroker broker = broker(log);
            try {
                CrashReport report = new CrashRun(plan(), broker, System.out).run();
                System.out.println(report.text());
                return report.brokerKeptItsWord() ? 0 : 1;
            } finally {
                broker.stop();
            }
        }
    }

    private CrashPlan plan() {
        return new CrashPlan(
                uri,
                rounds,
                seed,
                killAfterLeast,
                killAfterMost,
                killStarting,
                publishers,
                queues,
                consumers,
                prefetch,
                rate,
                window,
                size,
                largeEvery,
                backlog,
                Duration.ofSeconds(startTimeout),
                Duration.ofSeconds(drainTimeout));
    }

    private CrashableBroker broker(PrintStream log) {
        if (startCommand != null && killCommand != null && command.isEmpty()) {
            return new ExternalBroker(startCommand, killCommand, log);
        }
        if (startCommand == null && killCommand == null && !command.isEmpty()) {
            return new ChildBroker(command, log);
        }
        if (spec == null) {
            throw new IllegalStateException("not run by picocli");
        }
        throw new ParameterException(
                spec.commandLine(), "give either a COMMAND or both --start and --kill");
    }
}
