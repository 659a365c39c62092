package io.chasqui.server.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chasqui limit ...}. */
@Command(
        name = "limit",
        description = "How much virtual hosts and users of a running broker may use at once.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "VERB")
public final class LimitCommand {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "set",
            description = {
                "Sets max-connections or max-queues of a virtual host,",
                "max-connections or max-channels of a user; a negative number bounds nothing.",
                "chasqui limit set --user alice max-channels 20"
            },
            mixinStandardHelpOptions = true)
    int set(
            @Mixin AdminOptions broker,
            @Mixin VhostOption vhost,
            @Option(names = "--user", paramLabel = "NAME", description = "A limit of this user.")
                    @Nullable String user,
            @Parameters(index = "0", paramLabel = "LIMIT") String limit,
            @Parameters(index = "1", paramLabel = "N") long value) {
        broker.client().put(path(vhost, user, limit), Map.of("value", value));
        return 0;
    }

    @Command(name = "clear", description = "Takes a limit away.", mixinStandardHelpOptions = true)
    int clear(
            @Mixin AdminOptions broker,
            @Mixin VhostOption vhost,
            @Option(names = "--user", paramLabel = "NAME", description = "A limit of this user.")
                    @Nullable String user,
            @Parameters(paramLabel = "LIMIT") String limit) {
        broker.client().delete(path(vhost, user, limit));
        return 0;
    }

    @Command(
            name = "list",
            description = "Lists the limits of all virtual hosts, or of all users.",
            mixinStandardHelpOptions = true)
    int list(
            @Mixin AdminOptions broker,
            @Option(names = "--users", description = "Those of users.") boolean users) {
        Listed.print(
                spec.commandLine().getOut(),
                broker.format(),
                broker.client().get(users ? "/api/user-limits" : "/api/vhost-limits"),
                users ? "user" : "vhost",
                "value");
        return 0;
    }

    private static String path(VhostOption vhost, @Nullable String user, String limit) {
        return user == null
                ? AdminClient.path("vhost-limits", vhost.name(), limit)
                : AdminClient.path("user-limits", user, limit);
    }
}
