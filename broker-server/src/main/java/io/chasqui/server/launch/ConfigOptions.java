package io.chasqui.server.launch;

import io.chasqui.server.config.ConfigFiles;
import io.chasqui.server.config.ConfigSources;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that needs the broker's configuration. */
public final class ConfigOptions {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = {
                "YAML file with settings; config/broker.yaml shows all of them. Otherwise"
                        + " $CHASQUI_CONFIG, config/broker.yaml of the installation or"
                        + " /etc/chasqui/broker.yaml. Files in conf.d beside it count more."
            })
    private @Nullable Path config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets one setting; counts more than files and the environment.")
    private Map<String, String> settings = new LinkedHashMap<>();

    /** What files, environment and {@code --set} say. */
    public ConfigSources sources() {
        return sources(config, settings);
    }

    @Nullable Path config() {
        return config;
    }

    Map<String, String> settings() {
        return settings;
    }

    /**
     * What files, environment and settings given with the command say.
     *
     * @param config the file that was named, if one was
     */
    static ConfigSources sources(@Nullable Path config, Map<String, String> settings) {
        Map<String, String> environment = System.getenv();
        ConfigSources sources = new ConfigSources(environment);
        ConfigFiles.search(config, environment, System.getProperty("chasqui.home"))
                .ifPresent(sources::files);
        sources.environment(environment);
        settings.forEach(sources::set);
        return sources;
    }
}
