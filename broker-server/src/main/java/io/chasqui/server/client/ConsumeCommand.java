package io.chasqui.server.client;

import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.QueueMethod;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code chasqui consume}: prints the messages of a queue as they come. */
@Command(
        name = "consume",
        description = "Prints messages as they come, and acknowledges them.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "chasqui consume demo --declare                      until Ctrl-C",
            "chasqui consume demo --count 1 --timeout 5          one message, soon",
            "chasqui consume demo --no-ack --timeout 1           look, take nothing away",
            "chasqui consume --exchange logs --routing-key '#'   a queue of its own, bound",
            "",
            "Exit code: 0 done; 1 refused, no connection, or fewer than --count came;"
                    + " 2 wrong usage."
        })
public final class ConsumeCommand implements Callable<Integer> {

    private static final int MOST_PREFETCH = 65_535;

    private static final int MOST_SECONDS = 1_000_000;

    private static final int MS_PER_SECOND = 1000;

    @Spec private @Nullable CommandSpec spec;

    @Mixin private ClientOptions client = new ClientOptions();

    @Parameters(arity = "0..1", paramLabel = "QUEUE", description = "Left out with --exchange.")
    private @Nullable String queue;

    @Option(
            names = "--exchange",
            paramLabel = "NAME",
            description = "Bind a queue of its own to this exchange, gone at the end.")
    private @Nullable String exchange;

    @Option(
            names = "--routing-key",
            paramLabel = "KEY",
            description = "With which it is bound; may be repeated. Default: empty.")
    private List<String> routingKeys = List.of();

    @Option(names = "--count", paramLabel = "N", description = "End after so many messages.")
    private @Nullable Integer count;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "End when nothing has come for so long.")
    private @Nullable Integer timeout;

    @Option(
            names = "--no-ack",
            description = "Acknowledge nothing: at the end all messages go back to the queue.")
    private boolean noAck;

    @Option(
            names = "--prefetch",
            paramLabel = "N",
            description =
                    "Messages the broker may send ahead; so many of the last ones are acknowledged"
                            + " together at the end of --count. Default: ${DEFAULT-VALUE}")
    private int prefetch = 100;

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            description = "raw: the body; json: all there is. Default: raw")
    private String output = "raw";

    @Override
    public Integer call() {
        CommandSpec command = Objects.requireNonNull(spec);
        if ((queue == null) == (exchange == null)) {
            throw wrong("give either a queue or --exchange");
        }
        if (exchange == null && !routingKeys.isEmpty()) {
            throw wrong("--routing-key needs --exchange");
        }
        check("--count", count, noAck ? MOST_PREFETCH : Integer.MAX_VALUE);
        check("--timeout", timeout, MOST_SECONDS);
        check("--prefetch", prefetch, MOST_PREFETCH);
        MessagePrinter printer = printer();
        return Errand.run(command, client.url, connection -> consume(connection, printer));
    }

    private void check(String option, @Nullable Integer value, int most) {
        if (value != null && (value < 1 || value > most)) {
            throw wrong(option + " must be from 1 to " + most + ", not " + value);
        }
    }

    private MessagePrinter printer() {
        try {
            return MessagePrinter.valueOf(output.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException _) {
            throw wrong("--output must be raw or json, not " + output);
        }
    }

    private ParameterException wrong(String why) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), why);
    }

    private int consume(ClientConnection connection, MessagePrinter printer) throws IOException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        QueueReading reading =
                new QueueReading(
                        connection,
                        new QueueReading.Plan(
                                count == null ? Integer.MAX_VALUE : count, prefetch, !noAck),
                        message -> {
                            printer.print(message, out);
                            out.flush();
                            return !out.checkError();
                        });
        reading.start(source(connection));
        err.println("consume: waiting for messages");
        reading.untilDone(timeout == null ? 0 : timeout * MS_PER_SECOND);
        if (count != null && reading.received() < count) {
            err.println("consume: only " + reading.received() + " of " + count + " came");
            return Errand.FAILED;
        }
        return 0;
    }

    private String source(ClientConnection connection) throws IOException {
        if (queue != null) {
            client.declareIfAsked(connection, queue);
            return queue;
        }
        String own =
                connection
                        .call(
                                new QueueMethod.Declare(
                                        "", false, false, true, true, false, FieldTable.EMPTY),
                                QueueMethod.DeclareOk.class)
                        .queue();
        for (String key : routingKeys.isEmpty() ? List.of("") : routingKeys) {
            connection.call(
                    new QueueMethod.Bind(
                            own, Objects.requireNonNull(exchange), key, false, FieldTable.EMPTY),
                    QueueMethod.BindOk.class);
        }
        return own;
    }
}
