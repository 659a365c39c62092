package io.chasqui.server.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.BasicProperties;
import io.chasqui.protocol.amqp091.FieldTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

/** The command {@code chasqui publish}: messages from the command line, a file or a pipe. */
@Command(
        name = "publish",
        description = "Sends a message and waits until the broker has confirmed it.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "chasqui publish demo hello                    to the queue demo",
            "chasqui publish demo --body-file order.json   what a file holds",
            "echo hello | chasqui publish demo             what a pipe holds",
            "chasqui publish --exchange logs --routing-key app.error hello",
            "",
            "Exit code: 0 confirmed; 1 refused, returned or no connection; 2 wrong usage."
        })
public final class PublishCommand implements Callable<Integer> {

    private static final int PERSISTENT = 2;

    private final InputStream input;

    @Spec private @Nullable CommandSpec spec;

    @Mixin private ClientOptions client = new ClientOptions();

    @Parameters(
            arity = "0..2",
            paramLabel = "[QUEUE] [BODY]",
            hideParamSyntax = true,
            description =
                    "The queue, left out with --exchange or --routing-key, and the body; without a"
                            + " body it is read from standard input.")
    private List<String> parameters = List.of();

    @Option(names = "--exchange", paramLabel = "NAME", description = "Default: the default one.")
    private @Nullable String exchange;

    @Option(names = "--routing-key", paramLabel = "KEY", description = "Default: empty.")
    private @Nullable String routingKey;

    @Option(names = "--body-file", paramLabel = "FILE", description = "Send what it holds.")
    private @Nullable Path bodyFile;

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "Send it so many times. Default: ${DEFAULT-VALUE}")
    private int count = 1;

    @Option(names = "--persistent", description = "Delivery mode 2: to survive a restart.")
    private boolean persistent;

    @Option(
            names = "--header",
            paramLabel = "NAME=TEXT",
            description = "A header; may be repeated.")
    private Map<String, String> headers = new LinkedHashMap<>();

    @Option(names = "--content-type", paramLabel = "TYPE")
    private @Nullable String contentType;

    @Option(names = "--correlation-id", paramLabel = "ID")
    private @Nullable String correlationId;

    @Option(names = "--reply-to", paramLabel = "QUEUE")
    private @Nullable String replyTo;

    @Option(names = "--message-id", paramLabel = "ID")
    private @Nullable String messageId;

    @Option(names = "--expiration", paramLabel = "MS", description = "Time to live.")
    private @Nullable String expiration;

    @Option(names = "--priority", paramLabel = "N", description = "0 to 255.")
    private @Nullable Integer priority;

    @Option(
            names = "--no-confirm",
            description = "Do not wait; nobody tells whether a queue took it.")
    private boolean unconfirmed;

    @Option(names = "--optional", description = "It is no error if no queue takes the message.")
    private boolean optional;

    /** With what stands for standard input. */
    public PublishCommand(InputStream input) {
        this.input = input;
    }

    @Override
    public Integer call() {
        CommandSpec command = Objects.requireNonNull(spec);
        boolean toQueue = exchange == null && routingKey == null;
        if (toQueue && parameters.isEmpty()) {
            throw wrong("to which queue? Or give --exchange or --routing-key");
        }
        if (parameters.size() > (toQueue ? 2 : 1)) {
            throw wrong("with --exchange or --routing-key only a body may follow");
        }
        if (client.declare && !toQueue) {
            throw wrong("--declare needs a queue");
        }
        if (count < 1) {
            throw wrong("--count must be at least 1, not " + count);
        }
        if (priority != null && (priority < 0 || priority > 255)) {
            throw wrong("--priority must be from 0 to 255, not " + priority);
        }
        String key = toQueue ? parameters.getFirst() : Objects.requireNonNullElse(routingKey, "");
        byte[] body = body(toQueue ? 1 : 0);
        return Errand.run(command, client.url, connection -> publish(connection, key, body));
    }

    private ParameterException wrong(String why) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), why);
    }

    private byte[] body(int index) {
        if (index < parameters.size()) {
            if (bodyFile != null) {
                throw wrong("a body and --body-file are one too many");
            }
            return parameters.get(index).getBytes(UTF_8);
        }
        try {
            return bodyFile == null ? input.readAllBytes() : Files.readAllBytes(bodyFile);
        } catch (NoSuchFileException _) {
            throw wrong("no such file: " + bodyFile);
        } catch (IOException e) {
            throw wrong("the body cannot be read: " + e.getMessage());
        }
    }

    private int publish(ClientConnection connection, String key, byte[] body) throws IOException {
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        client.declareIfAsked(connection, key);
        ConfirmedPublishing publishing =
                new ConfirmedPublishing(
                        connection, !unconfirmed, notice -> err.println("publish: " + notice));
        boolean mandatory = !unconfirmed && !optional;
        BasicMethod.Publish method =
                new BasicMethod.Publish(
                        Objects.requireNonNullElse(exchange, ""), key, mandatory, false);
        BasicProperties properties = properties();
        for (int i = 0; i < count; i++) {
            publishing.publish(method, properties, body);
        }
        publishing.settle();
        return report(publishing, err);
    }

    private BasicProperties properties() {
        return new BasicProperties(
                contentType,
                null,
                headers.isEmpty() ? null : FieldTable.of(headers),
                persistent ? PERSISTENT : null,
                priority,
                correlationId,
                replyTo,
                expiration,
                messageId,
                null,
                null,
                null,
                null,
                null);
    }

    private int report(ConfirmedPublishing publishing, PrintWriter err) {
        if (publishing.returned() > 0) {
            err.println(
                    "publish: no queue took "
                            + messages(publishing.returned())
                            + " (--declare makes the queue; --optional allows it)");
        }
        if (publishing.refused() > 0) {
            err.println("publish: the broker refused " + messages(publishing.refused()));
        }
        long well = publishing.published() - publishing.returned() - publishing.refused();
        if (well > 0) {
            PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
            out.println((unconfirmed ? "sent " : "confirmed ") + messages(well));
        }
        return well == publishing.published() ? 0 : Errand.FAILED;
    }

    private static String messages(long count) {
        return count + (count == 1 ? " message" : " messages");
    }
}
