package io.chasqui.server.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code chasqui status}. */
@Command(
        name = "status",
        description = "Tells about a running broker; exits with 3 if none can be reached.",
        mixinStandardHelpOptions = true)
public final class StatusCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private AdminOptions broker = new AdminOptions();

    @Override
    public Integer call() {
        Listed.print(
                spec.commandLine().getOut(),
                broker.format(),
                broker.client().get("/api/overview"),
                "version",
                "vhosts",
                "users",
                "connections",
                "queues",
                "messages_ready",
                "messages_unacknowledged",
                "publishers_blocked");
        return 0;
    }
}
