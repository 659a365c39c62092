package io.chasqui.server.perf;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code chasqui perf}, with one subcommand for each shape of load. */
@Command(
        name = "perf",
        description = "Puts a broker under load and prints rates and latencies.",
        mixinStandardHelpOptions = true)
public final class PerfCommand {

    private static final int FANOUT_QUEUES = 10;
    private static final int CONFIRM_WINDOW = 200;

    private final LongSupplier nanoTime;

    @Spec private @Nullable CommandSpec spec;

    /** With the clock of messages and rates, of which only differences count. */
    public PerfCommand(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Command(
            name = "queue",
            description = "Publishers and consumers share one queue.",
            mixinStandardHelpOptions = true)
    int queue(@Mixin PerfOptions options) {
        return run(options, oneQueue(options), or(options.consumers, 1), or(options.confirm, 0));
    }

    @Command(
            name = "fanout",
            description = "Each consumer has its own queue and gets every message.",
            mixinStandardHelpOptions = true)
    int fanout(@Mixin PerfOptions options) {
        int consumers = or(options.consumers, FANOUT_QUEUES);
        int queues = Math.max(1, consumers);
        Topology topology =
                options.queue == null
                        ? Topology.fanout(ownName(), queues, options.durable, true)
                        : Topology.fanout(options.queue, queues, options.durable, false);
        return run(options, topology, consumers, or(options.confirm, 0));
    }

    @Command(
            name = "confirms",
            description = "Publishers wait for confirms; how long is shown as confirm latency.",
            mixinStandardHelpOptions = true)
    int confirms(@Mixin PerfOptions options) {
        int window = or(options.confirm, CONFIRM_WINDOW);
        return run(options, oneQueue(options), or(options.consumers, 1), window);
    }

    private Topology oneQueue(PerfOptions options) {
        return options.queue == null
                ? Topology.queue(ownName(), options.durable, true)
                : Topology.queue(options.queue, options.durable, false);
    }

    private String ownName() {
        return "perf." + Long.toHexString(nanoTime.getAsLong());
    }

    private static int or(@Nullable Integer given, int otherwise) {
        return given == null ? otherwise : given;
    }

    private int run(PerfOptions options, Topology topology, int consumers, int confirmWindow) {
        CommandSpec command = Objects.requireNonNull(spec);
        PerfPlan plan;
        try {
            plan = options.plan(topology, consumers, confirmWindow);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
        PrintWriter out = command.commandLine().getOut();
        PerfRun.Progress progress =
                options.json ? (_, _) -> {} : (n, sample) -> out.println(Report.line(n, sample));
        try {
            Sample sample = new PerfRun(plan, nanoTime, progress).run();
            out.println(options.json ? Report.json(sample) : Report.summary(sample));
            return 0;
        } catch (IOException e) {
            command.commandLine().getErr().println("perf: " + plan.url() + ": " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }
}
