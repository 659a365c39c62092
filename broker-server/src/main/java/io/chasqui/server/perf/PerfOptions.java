package io.chasqui.server.perf;

import io.chasqui.server.client.BrokerUrl;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options all loads share; what differs between them has no default here. */
final class PerfOptions {

    private static final int LARGEST_BODY = 128 * 1024 * 1024;
    private static final int MOST_PREFETCH = 65_535;

    @Option(
            names = {"--url", "--uri"},
            paramLabel = "URL",
            description = "Default: ${DEFAULT-VALUE}")
    String url = "amqp://guest:guest@127.0.0.1:5672";

    @Option(
            names = "--protocol",
            paramLabel = "0-9-1|1.0",
            description = "The AMQP to speak. Default: ${DEFAULT-VALUE}")
    String protocol = "0-9-1";

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            description =
                    "With AMQP 1.0: send to and receive from this address, and declare nothing;"
                            + " for brokers without RabbitMQ's addresses.")
    @Nullable String address;

    @Option(
            names = "--publishers",
            paramLabel = "N",
            description = "Publishing connections. Default: ${DEFAULT-VALUE}")
    int publishers = 1;

    @Option(
            names = "--consumers",
            paramLabel = "N",
            description = "Consuming connections; 0 lets messages pile up. Default: 1, fanout 10")
    @Nullable Integer consumers;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            description =
                    "Body of a message; below 8 no latency is shown. Default: ${DEFAULT-VALUE}")
    int size = 1024;

    @Option(names = "--persistent", description = "Publish with delivery mode 2.")
    boolean persistent;

    @Option(
            names = "--confirm",
            paramLabel = "WINDOW",
            description =
                    "Publishes a publisher may have unconfirmed; 0 for no confirms."
                            + " Default: 0, confirms 200")
    @Nullable Integer confirm;

    @Option(
            names = "--prefetch",
            paramLabel = "N",
            description =
                    "Messages a consumer may have unacknowledged; 0 for no limit."
                            + " Default: ${DEFAULT-VALUE}")
    int prefetch;

    @Option(
            names = "--ack-every",
            paramLabel = "N",
            description =
                    "Messages acknowledged together; 0 for automatic acknowledgement."
                            + " Default: ${DEFAULT-VALUE}")
    int ackEvery;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long to measure. Default: ${DEFAULT-VALUE}")
    int seconds = 10;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            description = "Load before it is measured. Default: ${DEFAULT-VALUE}")
    int warmUp = 3;

    @Option(
            names = "--queue",
            paramLabel = "NAME",
            description =
                    "Declare and use this queue, or fanout exchange with queues NAME.0 and so on,"
                            + " and keep it. Default: one that is deleted at the end")
    @Nullable String queue;

    @Option(names = "--durable", description = "Declare durable queues.")
    boolean durable;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Messages in one write, at most. Default: ${DEFAULT-VALUE}")
    int batch = 64;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Messages a second of each publisher; 0 for no limit.")
    long rate;

    @Option(
            names = "--broker-pid",
            paramLabel = "PID",
            description = "The broker's process on this machine, to tell its processor time.")
    @Nullable Long brokerPid;

    @Option(names = "--json", description = "Print nothing but a summary in JSON.")
    boolean json;

    PerfPlan plan(Topology topology, int consumers, int confirmWindow) {
        check("--publishers", publishers, 0, 10_000);
        check("--consumers", consumers, 0, 10_000);
        check("--size", size, 0, LARGEST_BODY);
        check("--confirm", confirmWindow, 0, 1_000_000);
        check("--prefetch", prefetch, 0, MOST_PREFETCH);
        check("--ack-every", ackEvery, 0, prefetch == 0 ? Integer.MAX_VALUE : prefetch);
        check("--seconds", seconds, 1, 1_000_000);
        check("--warm-up", warmUp, 0, 1_000_000);
        check("--batch", batch, 1, 100_000);
        check("--rate", rate, 0, 100_000_000);
        PerfPlan.Protocol spoken = protocol();
        if (address != null && spoken != PerfPlan.Protocol.AMQP_1_0) {
            throw new IllegalArgumentException("--address is for --protocol 1.0");
        }
        return new PerfPlan(
                BrokerUrl.parse(url),
                spoken,
                Optional.ofNullable(address),
                topology,
                publishers,
                consumers,
                new PerfPlan.Publishing(size, persistent, confirmWindow, batch, rate),
                new PerfPlan.Consuming(prefetch, ackEvery),
                warmUp,
                seconds,
                broker());
    }

    private Optional<ProcessHandle> broker() {
        if (brokerPid == null) {
            return Optional.empty();
        }
        Optional<ProcessHandle> process = ProcessHandle.of(brokerPid);
        if (process.isEmpty()) {
            throw new IllegalArgumentException("--broker-pid: there is no process " + brokerPid);
        }
        return process;
    }

    private PerfPlan.Protocol protocol() {
        return switch (protocol) {
            case "0-9-1" -> PerfPlan.Protocol.AMQP_0_9_1;
            case "1.0" -> PerfPlan.Protocol.AMQP_1_0;
            default ->
                    throw new IllegalArgumentException(
                            "--protocol must be 0-9-1 or 1.0, not " + protocol);
        };
    }

    private static void check(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    option + " must be from " + least + " to " + most + ", not " + value);
        }
    }
}
