package io.chasqui.server.launch;

import io.chasqui.server.config.ConfigException;
import io.chasqui.server.config.ConfigSources;
import io.chasqui.server.config.Listing;
import java.io.PrintWriter;
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
        int status = verify(options.sources());
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

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
