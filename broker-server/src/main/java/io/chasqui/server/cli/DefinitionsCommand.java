package io.chasqui.server.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code chasqui definitions ...}. */
@Command(
        name = "definitions",
        description = "All that is defined in a running broker, as a file in RabbitMQ's format.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "VERB")
public final class DefinitionsCommand {

    @Command(
            name = "export",
            description = "Writes the definitions to a file.",
            mixinStandardHelpOptions = true)
    int export(
            @Mixin AdminOptions broker,
            @Option(
                            names = "--vhost",
                            paramLabel = "NAME",
                            description = "Those of this virtual host only.")
                    @Nullable String vhost,
            @Parameters(paramLabel = "FILE") Path file) {
        byte[] definitions = broker.client().read(path(vhost));
        try {
            Files.write(file, definitions);
        } catch (IOException e) {
            throw new AdminFailure(AdminFailure.FAILED, "cannot write " + file + ": " + e);
        }
        return 0;
    }

    @Command(
            name = "import",
            description = "Makes what a file defines; what is there already stays.",
            mixinStandardHelpOptions = true)
    int importFrom(
            @Mixin AdminOptions broker,
            @Option(
                            names = "--vhost",
                            paramLabel = "NAME",
                            description = "What is in virtual hosts goes to this one.")
                    @Nullable String vhost,
            @Parameters(paramLabel = "FILE") Path file) {
        byte[] definitions;
        try {
            definitions = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new AdminFailure(AdminFailure.FAILED, "cannot read " + file + ": " + e);
        }
        broker.client().post(path(vhost), definitions);
        return 0;
    }

    private static String path(@Nullable String vhost) {
        return vhost == null
                ? AdminClient.path("definitions")
                : AdminClient.path("definitions", vhost);
    }
}
