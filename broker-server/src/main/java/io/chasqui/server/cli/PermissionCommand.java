package io.chasqui.server.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chasqui permission ...}. */
@Command(
        name = "permission",
        description = "Who may do what in which virtual host of a running broker.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "VERB")
public final class PermissionCommand {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "set",
            description = {
                "Says what a user may do: regular expressions over names of queues and exchanges.",
                "chasqui permission set alice '^alice\\.' '^alice\\.' '.*'"
            },
            mixinStandardHelpOptions = true)
    int set(
            @Mixin AdminOptions broker,
            @Option(
                            names = "--vhost",
                            defaultValue = "/",
                            paramLabel = "NAME",
                            description = "The virtual host; default: ${DEFAULT-VALUE}.")
                    String vhost,
            @Parameters(index = "0", paramLabel = "USER") String user,
            @Parameters(index = "1", paramLabel = "CONFIGURE") String configure,
            @Parameters(index = "2", paramLabel = "WRITE") String write,
            @Parameters(index = "3", paramLabel = "READ") String read) {
        broker.client()
                .put(
                        AdminClient.path("permissions", vhost, user),
                        Map.of("configure", configure, "write", write, "read", read));
        return 0;
    }

    @Command(
            name = "clear",
            description = "Takes a user's permissions in a virtual host away.",
            mixinStandardHelpOptions = true)
    int clear(
            @Mixin AdminOptions broker,
            @Option(
                            names = "--vhost",
                            defaultValue = "/",
                            paramLabel = "NAME",
                            description = "The virtual host; default: ${DEFAULT-VALUE}.")
                    String vhost,
            @Parameters(paramLabel = "USER") String user) {
        broker.client().delete(AdminClient.path("permissions", vhost, user));
        return 0;
    }

    @Command(
            name = "set-topic",
            description = {
                "Says under which routing keys a user may use a topic exchange; {username} and",
                "{vhost} stand for the names.",
                "chasqui permission set-topic alice amq.topic '^{username}\\.' '.*'"
            },
            mixinStandardHelpOptions = true)
    int setTopic(
            @Mixin AdminOptions broker,
            @Mixin VhostOption vhost,
            @Parameters(index = "0", paramLabel = "USER") String user,
            @Parameters(index = "1", paramLabel = "EXCHANGE") String exchange,
            @Parameters(index = "2", paramLabel = "WRITE") String write,
            @Parameters(index = "3", paramLabel = "READ") String read) {
        broker.client()
                .put(
                        AdminClient.path("topic-permissions", vhost.name(), user),
                        Map.of("exchange", exchange, "write", write, "read", read));
        return 0;
    }

    @Command(
            name = "clear-topic",
            description = "Lets a user use every routing key again, of one exchange or of all.",
            mixinStandardHelpOptions = true)
    int clearTopic(
            @Mixin AdminOptions broker,
            @Mixin VhostOption vhost,
            @Parameters(index = "0", paramLabel = "USER") String user,
            @Parameters(index = "1", arity = "0..1", paramLabel = "EXCHANGE")
                    @Nullable String exchange) {
        broker.client()
                .delete(
                        exchange == null
                                ? AdminClient.path("topic-permissions", vhost.name(), user)
                                : AdminClient.path(
                                        "topic-permissions", vhost.name(), user, exchange));
        return 0;
    }

    @Command(
            name = "list-topics",
            description = "Lists all topic permissions.",
            mixinStandardHelpOptions = true)
    int listTopics(@Mixin AdminOptions broker) {
        Listed.print(
                spec.commandLine().getOut(),
                broker.format(),
                broker.client().get("/api/topic-permissions"),
                "vhost",
                "user",
                "exchange",
                "write",
                "read");
        return 0;
    }

    @Command(name = "list", description = "Lists all permissions.", mixinStandardHelpOptions = true)
    int list(@Mixin AdminOptions broker) {
        Listed.print(
                spec.commandLine().getOut(),
                broker.format(),
                broker.client().get("/api/permissions"),
                "vhost",
                "user",
                "configure",
                "write",
                "read");
        return 0;
    }
}
