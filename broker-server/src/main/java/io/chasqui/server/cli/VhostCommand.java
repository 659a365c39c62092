package io.chasqui.server.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chasqui vhost ...}. */
@Command(
        name = "vhost",
        description = "Virtual hosts of a running broker.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "VERB")
public final class VhostCommand {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(name = "add", description = "Adds a virtual host.", mixinStandardHelpOptions = true)
    int add(@Mixin AdminOptions broker, @Parameters(paramLabel = "NAME") String name) {
        broker.client().put(AdminClient.path("vhosts", name), Map.of());
        return 0;
    }

    @Command(
            name = "delete",
            description =
                    "Deletes a virtual host, its queues and messages; closes its connections.",
            mixinStandardHelpOptions = true)
    int delete(@Mixin AdminOptions broker, @Parameters(paramLabel = "NAME") String name) {
        broker.client().delete(AdminClient.path("vhosts", name));
        return 0;
    }

    @Command(
            name = "list",
            description = "Lists the virtual hosts.",
            mixinStandardHelpOptions = true)
    int list(@Mixin AdminOptions broker) {
        Listed.print(
                spec.commandLine().getOut(),
                broker.format(),
                broker.client().get("/api/vhosts"),
                "name",
                "tracing");
        return 0;
    }

    @Command(
            name = "trace",
            description =
                    "Turns the firehose on or off: copies of all messages published and delivered"
                            + " go to the exchange amq.rabbitmq.trace, until the broker stops.",
            mixinStandardHelpOptions = true)
    int trace(
            @Mixin AdminOptions broker,
            @Parameters(index = "0", paramLabel = "on|off") Tracing tracing,
            @Parameters(index = "1", paramLabel = "NAME") String name) {
        // Asked for first, because to put a virtual host that is not there makes it.
        AdminClient client = broker.client();
        if (client.get("/api/vhosts").stream().noneMatch(vhost -> name.equals(vhost.get("name")))) {
            throw new AdminFailure(AdminFailure.FAILED, "no vhost '" + name + "'");
        }
        client.put(AdminClient.path("vhosts", name), Map.of("tracing", tracing == Tracing.on));
        return 0;
    }

    /** As the command line spells it. */
    enum Tracing {
        on,
        off
    }
}
