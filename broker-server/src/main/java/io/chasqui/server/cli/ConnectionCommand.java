package io.chasqui.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chasqui connection ...}. */
@Command(
        name = "connection",
        description = "Connections to a running broker.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "VERB")
public final class ConnectionCommand {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(name = "list", description = "Lists the connections.", mixinStandardHelpOptions = true)
    int list(@Mixin AdminOptions broker) {
        Listed.print(
                spec.commandLine().getOut(),
                broker.format(),
                broker.client().get("/api/connections"),
                "name",
                "user",
                "vhost",
                "protocol",
                "client");
        return 0;
    }

    @Command(
            name = "close",
            description = "Closes a connection, telling the client why.",
            mixinStandardHelpOptions = true)
    int close(
            @Mixin AdminOptions broker,
            @Parameters(
                            index = "0",
                            paramLabel = "NAME",
                            description = "As listed: 'HOST:PORT -> HOST:PORT'.")
                    String name,
            @Parameters(index = "1", arity = "0..1", paramLabel = "REASON", defaultValue = "")
                    String reason) {
        if (reason.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new AdminFailure(AdminFailure.FAILED, "the reason must be printable ASCII");
        }
        broker.client()
                .delete(
                        AdminClient.path("connections", name),
                        reason.isEmpty() ? "" : "X-Reason: " + reason + "\r\n");
        return 0;
    }
}
