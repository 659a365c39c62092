package io.chasqui.server.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chasqui parameter ...}. */
@Command(
        name = "parameter",
        description = "Values kept in a running broker for whoever asks for them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "VERB")
public final class ParameterCommand {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "set",
            description = "Keeps a value, JSON or a text, under a name of the whole broker.",
            mixinStandardHelpOptions = true)
    int set(
            @Mixin AdminOptions broker,
            @Parameters(index = "0", paramLabel = "NAME") String name,
            @Parameters(index = "1", paramLabel = "VALUE") String value) {
        broker.client()
                .put(
                        AdminClient.path("global-parameters", name),
                        Map.of("value", JsonText.value(value)));
        return 0;
    }

    @Command(name = "clear", description = "Forgets a value.", mixinStandardHelpOptions = true)
    int clear(
            @Mixin AdminOptions broker,
            @Mixin VhostOption vhost,
            @Option(
                            names = "--component",
                            paramLabel = "NAME",
                            defaultValue = "",
                            description = "A parameter of this component of the virtual host.")
                    String component,
            @Parameters(paramLabel = "NAME") String name) {
        broker.client()
                .delete(
                        component.isEmpty()
                                ? AdminClient.path("global-parameters", name)
                                : AdminClient.path("parameters", component, vhost.name(), name));
        return 0;
    }

    @Command(
            name = "list",
            description = "Lists the values of the whole broker, or those of all virtual hosts.",
            mixinStandardHelpOptions = true)
    int list(
            @Mixin AdminOptions broker,
            @Option(names = "--vhosts", description = "Those of virtual hosts.") boolean vhosts) {
        if (vhosts) {
            Listed.print(
                    spec.commandLine().getOut(),
                    broker.format(),
                    broker.client().get("/api/parameters"),
                    "vhost",
                    "component",
                    "name",
                    "value");
        } else {
            Listed.print(
                    spec.commandLine().getOut(),
                    broker.format(),
                    broker.client().get("/api/global-parameters"),
                    "name",
                    "value");
        }
        return 0;
    }
}
