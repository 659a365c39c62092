package io.chasqui.server.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chasqui policy ...}. */
@Command(
        name = "policy",
        description =
                "What queues and exchanges of a running broker are like beyond their arguments.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "VERB")
public final class PolicyCommand {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "set",
            description = {
                "Puts a policy in place, for what is there and what will come.",
                "chasqui policy set short '^tmp\\.' '{\"max-length\": 1000}' --apply-to queues"
            },
            mixinStandardHelpOptions = true)
    int set(
            @Mixin AdminOptions broker,
            @Mixin VhostOption vhost,
            @Option(names = "--operator", description = "A policy that limits the users' policies.")
                    boolean operator,
            @Option(
                            names = "--apply-to",
                            defaultValue = "all",
                            paramLabel = "WHAT",
                            description =
                                    "queues, classic_queues, quorum_queues, streams, exchanges or"
                                            + " all; default: ${DEFAULT-VALUE}.")
                    String applyTo,
            @Option(
                            names = "--priority",
                            defaultValue = "0",
                            paramLabel = "N",
                            description = "The highest wins; default: ${DEFAULT-VALUE}.")
                    long priority,
            @Parameters(index = "0", paramLabel = "NAME") String name,
            @Parameters(index = "1", paramLabel = "PATTERN") String pattern,
            @Parameters(index = "2", paramLabel = "DEFINITION") String definition) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("pattern", pattern);
        body.put("definition", JsonText.object(definition));
        body.put("apply-to", applyTo);
        body.put("priority", priority);
        broker.client().put(AdminClient.path(kind(operator), vhost.name(), name), body);
        return 0;
    }

    @Command(name = "clear", description = "Takes a policy away.", mixinStandardHelpOptions = true)
    int clear(
            @Mixin AdminOptions broker,
            @Mixin VhostOption vhost,
            @Option(names = "--operator", description = "One of the operator's policies.")
                    boolean operator,
            @Parameters(paramLabel = "NAME") String name) {
        broker.client().delete(AdminClient.path(kind(operator), vhost.name(), name));
        return 0;
    }

    @Command(
            name = "list",
            description = "Lists the policies of all virtual hosts.",
            mixinStandardHelpOptions = true)
    int list(
            @Mixin AdminOptions broker,
            @Option(names = "--operator", description = "The operator's policies.")
                    boolean operator) {
        Listed.print(
                spec.commandLine().getOut(),
                broker.format(),
                broker.client().get("/api/" + kind(operator)),
                "vhost",
                "name",
                "pattern",
                "apply-to",
                "definition",
                "priority");
        return 0;
    }

    private static String kind(boolean operator) {
        return operator ? "operator-policies" : "policies";
    }
}
