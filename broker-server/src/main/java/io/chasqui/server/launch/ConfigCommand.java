package io.chasqui.server.launch;

import io.chasqui.server.config.BrokerConfig;
import io.chasqui.server.config.ConfigException;
import io.chasqui.server.config.ConfigSources;
import io.chasqui.server.config.Listing;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chasqui config ...}: looks at a configuration without starting a broker. */
@Command(
        name = "config",
        description = "Looks at the configuration.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "VERB")
public final class ConfigCommand {

    /** Exit status of a bad configuration, as sysexits.h names it. */
    static final int BAD_CONFIGURATION = 78;

    private static final int GOOD = 0;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "check",
            description =
                    "Tells every mistake in the configuration; exits with 78 if there is one.",
            mixinStandardHelpOptions = true)
    int check(@Mixin ConfigOptions options) {
        int status = verifyWithFiles(options.sources());
        if (status == GOOD) {
            out().println("the configuration is good");
        }
        return status;
    }

    @Command(
            name = "print",
            description = "Prints every setting as it would hold; secrets are not shown.",
            mixinStandardHelpOptions = true)
    int print(
            @Mixin ConfigOptions options,
            @Option(names = "--origins", description = "Says where each value comes from.")
                    boolean origins) {
        ConfigSources sources = options.sources();
        int status = verify(sources);
        if (status == GOOD) {
            out().print(Listing.of(sources, origins));
            out().flush();
        }
        return status;
    }

    @Command(
            name = "describe",
            description = "Explains settings: what they do, their values and defaults.",
            mixinStandardHelpOptions = true)
    int describe(
            @Parameters(
                            paramLabel = "KEY",
                            defaultValue = "",
                            description = "A setting, or the start of several; all if left out.")
                    String start) {
        out().print(Listing.describe(start));
        out().flush();
        return GOOD;
    }

    private int verify(ConfigSources sources) {
        try {
            sources.build();
            return GOOD;
        } catch (ConfigException e) {
            spec.commandLine().getErr().println("chasqui: " + e.getMessage());
            return BAD_CONFIGURATION;
        }
    }

    /** Looks into the files that the configuration names as well. */
    private int verifyWithFiles(ConfigSources sources) {
        int status = verify(sources);
        try {
            Optional<BrokerConfig.TlsListener> tls =
                    status == GOOD ? sources.build().amqps() : Optional.empty();
            if (tls.isPresent()) {
                TlsFiles.open(tls.get()).close();
            }
            return status;
        } catch (IOException | ConfigException e) {
            spec.commandLine().getErr().println("chasqui: " + e.getMessage());
            return BAD_CONFIGURATION;
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
