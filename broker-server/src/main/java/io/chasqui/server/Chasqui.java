package io.chasqui.server;

import io.chasqui.server.launch.BrokerCommand;
import io.chasqui.server.launch.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code chasqui} program: nouns, then verbs. */
@Command(
        name = "chasqui",
        description = "An AMQP message broker.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = BrokerCommand.class,
        synopsisSubcommandLabel = "NOUN VERB")
public final class Chasqui {

    private Chasqui() {}

    public static void main(String[] arguments) {
        // Netty looks for leaks in a sample of buffers unless told otherwise; tests tell it to.
        if (System.getProperty("io.netty.leakDetection.level") == null) {
            System.setProperty("io.netty.leakDetection.level", "disabled");
        }
        System.exit(new CommandLine(new Chasqui()).execute(arguments));
    }
}
