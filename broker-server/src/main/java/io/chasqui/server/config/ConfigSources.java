package io.chasqui.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers what a configuration file, the environment and the command line say. What is added later
 * counts more. Problems are collected, so that a user sees all of them at once.
 */
public final class ConfigSources {

    private final Map<String, Given> values = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    /**
     * A value as it was written.
     *
     * @param where where it was written, for people
     */
    private record Given(String text, String where) {}

    /** Adds what a YAML file says. */
    public ConfigSources file(Path file) {
        try {
            new YamlSettings(file.toString(), problems, this::give).read(Files.readString(file));
        } catch (IOException e) {
            problems.add(file + ": cannot be read: " + e);
        }
        return this;
    }

    /** Adds what the environment says; variables of other programs are passed over. */
    public ConfigSources environment(Map<String, String> variables) {
        for (Setting<?> setting : Settings.ALL) {
            String text = variables.get(setting.environment());
            if (text != null) {
                values.put(setting.key(), new Given(text, setting.environment()));
            }
        }
        return this;
    }

    /** Adds one value from the command line. */
    public ConfigSources option(String key, String text, String where) {
        give(key, text, where);
        return this;
    }

    private void give(String key, String text, String where) {
        if (Settings.named(key).isPresent()) {
            values.put(key, new Given(text, where));
        } else {
            problems.add(
                    where
                            + ": unknown setting '"
                            + key
                            + "'; did you mean '"
                            + Settings.nearest(key)
                            + "'?");
        }
    }

    /**
     * Everything taken together.
     *
     * @throws ConfigException if anything is wrong
     */
    public BrokerConfig build() throws ConfigException {
        for (Setting<?> setting : Settings.ALL) {
            check(setting);
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return BrokerConfig.of(this);
    }

    private void check(Setting<?> setting) {
        Given given = values.get(setting.key());
        if (given == null) {
            return;
        }
        try {
            setting.kind().parse(given.text());
        } catch (IllegalArgumentException | ArithmeticException e) {
            problems.add(
                    given.where()
                            + ": "
                            + setting.key()
                            + " must be "
                            + setting.kind().description()
                            + ", not '"
                            + given.text()
                            + "'");
        }
    }

    <T> T value(Setting<T> setting) {
        Given given = values.get(setting.key());
        return setting.kind().parse(given == null ? setting.standard() : given.text());
    }

    /** Takes a value that was found. */
    interface Taker {
        void give(String key, String text, String where);
    }
}
