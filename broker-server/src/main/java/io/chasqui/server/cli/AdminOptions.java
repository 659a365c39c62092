package io.chasqui.server.cli;

import io.chasqui.server.admin.AdminSocket;
import io.chasqui.server.config.ConfigException;
import io.chasqui.server.config.ConfigSources;
import io.chasqui.server.launch.ConfigOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the broker is that a command is for, and how the command answers. */
final class AdminOptions {

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "The broker's data directory; otherwise as configured.")
    private @Nullable Path dataDir;

    @Mixin private ConfigOptions config = new ConfigOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "How lists are printed: ${COMPLETION-CANDIDATES}.")
    private Format format = Format.table;

    /** How lists are printed; named as they are typed. */
    enum Format {
        table,
        tsv,
        json
    }

    Format format() {
        return format;
    }

    AdminClient client() {
        return new AdminClient(AdminSocket.in(directory()));
    }

    private Path directory() {
        if (dataDir != null) {
            return dataDir;
        }
        try {
            ConfigSources sources = config.sources();
            return sources.build().dataDir();
        } catch (ConfigException e) {
            throw new AdminFailure(AdminFailure.BAD_CONFIGURATION, String.valueOf(e.getMessage()));
        }
    }
}
