package io.chasqui.server.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chasqui alarm ...}. */
@Command(
        name = "alarm",
        description = "Alarms of a running broker, which block publishers.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "VERB")
public final class AlarmCommand {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "list",
            description = "Lists what is short, measured or said.",
            mixinStandardHelpOptions = true)
    int list(@Mixin AdminOptions broker) {
        Listed.print(
                spec.commandLine().getOut(),
                broker.format(),
                broker.client().get("/api/alarms"),
                "resource",
                "by_hand");
        return 0;
    }

    @Command(
            name = "set",
            description = "Acts as if memory or disk were short, until this is cleared.",
            mixinStandardHelpOptions = true)
    int set(
            @Mixin AdminOptions broker,
            @Parameters(paramLabel = "RESOURCE", description = "memory or disk") String resource) {
        broker.client().put(AdminClient.path("alarms", resource), Map.of());
        return 0;
    }

    @Command(
            name = "clear",
            description = "Takes back what set said; what is measured stays.",
            mixinStandardHelpOptions = true)
    int clear(
            @Mixin AdminOptions broker,
            @Parameters(paramLabel = "RESOURCE", description = "memory or disk") String resource) {
        broker.client().delete(AdminClient.path("alarms", resource));
        return 0;
    }
}
