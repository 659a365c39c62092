package io.chasqui.server.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chasqui runtime ...}. */
@Command(
        name = "runtime",
        description = "Settings of a running broker that can be changed until it is started again.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "VERB")
public final class RuntimeCommand {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(name = "list", description = "Lists them.", mixinStandardHelpOptions = true)
    int list(@Mixin AdminOptions broker) {
        Listed.print(
                spec.commandLine().getOut(),
                broker.format(),
                broker.client().get("/api/runtime"),
                "name",
                "value");
        return 0;
    }

    @Command(name = "get", description = "Prints one.", mixinStandardHelpOptions = true)
    int get(@Mixin AdminOptions broker, @Parameters(paramLabel = "NAME") String name) {
        broker.client()
                .get(AdminClient.path("runtime", name))
                .forEach(setting -> spec.commandLine().getOut().println(setting.get("value")));
        spec.commandLine().getOut().flush();
        return 0;
    }

    @Command(
            name = "set",
            description = "Changes one, for clients that connect from now on.",
            mixinStandardHelpOptions = true)
    int set(
            @Mixin AdminOptions broker,
            @Parameters(index = "0", paramLabel = "NAME") String name,
            @Parameters(index = "1", paramLabel = "VALUE") String value) {
        broker.client().put(AdminClient.path("runtime", name), Map.of("value", value));
        return 0;
    }
}
