package io.chasqui.server;

import io.chasqui.server.cli.AdminFailures;
import io.chasqui.server.cli.AlarmCommand;
import io.chasqui.server.cli.ConnectionCommand;
import io.chasqui.server.cli.DefinitionsCommand;
import io.chasqui.server.cli.LimitCommand;
import io.chasqui.server.cli.ParameterCommand;
import io.chasqui.server.cli.PermissionCommand;
import io.chasqui.server.cli.PolicyCommand;
import io.chasqui.server.cli.QueueCommand;
import io.chasqui.server.cli.RuntimeCommand;
import io.chasqui.server.cli.StatusCommand;
import io.chasqui.server.cli.UserCommand;
import io.chasqui.server.cli.VhostCommand;
import io.chasqui.server.client.ConsumeCommand;
import io.chasqui.server.client.PublishCommand;
import io.chasqui.server.config.ConfigException;
import io.chasqui.server.health.HealthCommand;
import io.chasqui.server.launch.BrokerCommand;
import io.chasqui.server.launch.ConfigCommand;
import io.chasqui.server.launch.StartArguments;
import io.chasqui.server.launch.Training;
import io.chasqui.server.launch.VersionProvider;
import io.chasqui.server.logging.LogProvider;
import io.chasqui.server.perf.PerfCommand;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code chasqui} program: nouns, then verbs. */
@Command(
        name = "chasqui",
        description = "An AMQP message broker.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        subcommands = {
            BrokerCommand.class,
            ConfigCommand.class,
            StatusCommand.class,
            UserCommand.class,
            VhostCommand.class,
            PermissionCommand.class,
            PolicyCommand.class,
            LimitCommand.class,
            ParameterCommand.class,
            DefinitionsCommand.class,
            QueueCommand.class,
            ConnectionCommand.class,
            AlarmCommand.class,
            RuntimeCommand.class
        },
        synopsisSubcommandLabel = "NOUN VERB")
public final class Chasqui {

    private Chasqui() {}

    public static void main(String[] arguments) throws IOException, ConfigException {
        // A client could have us do handshakes without end; TLS 1.3 has no renegotiation either.
        setIfAbsent("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        // Netty reads these when its first class is loaded.
        setIfAbsent("io.netty.leakDetection.level", "disabled");
        // With a heap up to 512 MiB Netty would otherwise ask the system for most buffers anew.
        setIfAbsent("io.netty.allocator.disableThreadLocalMagazinesOnLowMemory", "false");
        LogProvider.use();
        if (arguments.length == 1 && arguments[0].equals("health")) {
            System.exit(new HealthCommand().call()); // without picocli, see StartArguments
        }
        if (Training.isAskedFor(arguments)) {
            System.exit(Training.run()); // without picocli as well, see there
        }
        System.exit(
                StartArguments.read(arguments)
                        .map(StartArguments::run)
                        .orElseGet(() -> Commands.line().execute(arguments)));
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** In a class of its own, which a plain start does not load, nor picocli with it. */
    private static final class Commands {

        private Commands() {}

        /** Every command there is. */
        static CommandLine line() {
            return new CommandLine(new Chasqui())
                    .setExecutionExceptionHandler(new AdminFailures())
                    .addSubcommand(new PublishCommand(System.in))
                    .addSubcommand(new ConsumeCommand())
                    .addSubcommand(new PerfCommand(System::nanoTime))
                    .addSubcommand(new HealthCommand());
        }
    }
}
