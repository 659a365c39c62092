package io.chasqui.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code chasqui queue ...}. */
@Command(
        name = "queue",
        description = "Queues of a running broker.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "VERB")
public final class QueueCommand {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "list",
            description = "Lists the queues of all virtual hosts.",
            mixinStandardHelpOptions = true)
    int list(@Mixin AdminOptions broker) {
        Listed.print(
                spec.commandLine().getOut(),
                broker.format(),
                broker.client().get("/api/queues"),
                "vhost",
                "name",
                "durable",
                "messages_ready",
                "messages_unacknowledged",
                "consumers");
        return 0;
    }
}
