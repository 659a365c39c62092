package io.chasqui.server.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gathers what configuration files, the environment and the command line say. What is added later
 * counts more. Problems are collected, so that a user sees all of them at once.
 */
public final class ConfigSources {

    private final Map<String, Given> values = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Interpolation interpolation;

    /** A value as it was written, and where. */
    private record Given(String text, Place place) {}

    /** Sources whose files may not refer to variables. */
    public ConfigSources() {
        this(Map.of());
    }

    /**
     * @param variables what {@code ${NAME}} in a file may refer to
     */
    public ConfigSources(Map<String, String> variables) {
        this.interpolation = new Interpolation(variables);
    }

    /**
     * Adds what a main file and those in {@code conf.d} beside it say. The main file may be absent
     * if there are others.
     */
    public ConfigSources files(Path main) {
        try {
            List<Path> others = ConfigFiles.beside(main);
            if (others.isEmpty() || Files.exists(main)) {
                file(main);
            }
            others.forEach(this::file);
        } catch (IOException e) {
            problem(Place.in(main.toString()), "conf.d cannot be read: " + ConfigFiles.reason(e));
        }
        return this;
    }

    /** Adds what one YAML file says. */
    public ConfigSources file(Path file) {
        Place place = Place.in(file.toString());
        try {
            new YamlFile(file.toString(), Files.readString(file), interpolation, this).read();
        } catch (CharacterCodingException _) {
            problem(place, "the file is not text in UTF-8");
        } catch (IOException e) {
            problem(place, "cannot be read: " + ConfigFiles.reason(e));
        }
        return this;
    }

    /** Adds what the environment says. */
    public ConfigSources environment(Map<String, String> variables) {
        new Environment(variables, this).read();
        return this;
    }

    /** Adds one value as {@code --set KEY=VALUE} gives it. */
    public ConfigSources set(String key, String text) {
        Settings.named(key)
                .ifPresentOrElse(
                        setting -> give(setting, text, Place.ofSet(key, text, true)),
                        () -> unknown(key, Place.ofSet(key, text, false)));
        return this;
    }

    /** Adds one value from an option that has a name of its own. */
    public ConfigSources option(String key, String text, String option) {
        Place place = Place.ofOption(option, text);
        Settings.named(key)
                .ifPresentOrElse(setting -> give(setting, text, place), () -> unknown(key, place));
        return this;
    }

    void give(Setting<?> setting, String text, Place place) {
        if (check(setting, text, place)) {
            values.put(setting.key(), new Given(text, place));
        }
    }

    /** Whether the text is a value for the setting; a problem if not. */
    boolean check(Setting<?> setting, String text, Place place) {
        try {
            setting.kind().parse(text);
            return true;
        } catch (IllegalArgumentException | ArithmeticException e) {
            String shown = setting.kind().secret() ? "" : ", not '" + text + "'";
            problem(place, setting.key() + " must be " + setting.kind().description() + shown);
            return false;
        }
    }

    void unknown(String key, Place place) {
        problem(
                place,
                "unknown setting '"
                        + key
                        + "'"
                        + Settings.nearest(key)
                                .map(nearest -> "; did you mean '" + nearest + "'?")
                                .orElse("; 'chasqui config describe' lists all there are"));
    }

    /** A setting was given that is of no use without another. */
    void incomplete(Setting<?> given, Setting<?> missing) {
        Given value = values.get(given.key());
        problem(
                value == null ? Place.in(given.key()) : value.place(),
                given.key() + " needs " + missing.key() + " as well");
    }

    void problem(Place place, String what) {
        problems.add(new Problem(place, what));
    }

    /**
     * Everything taken together.
     *
     * @throws ConfigException if anything is wrong
     */
    public BrokerConfig build() throws ConfigException {
        if (problems.isEmpty()) {
            TlsSettings.check(this);
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return BrokerConfig.of(this);
    }

    <T> T value(Setting<T> setting) {
        return setting.kind().parse(text(setting));
    }

    /** The value as it was written. */
    String text(Setting<?> setting) {
        Given given = values.get(setting.key());
        return given == null ? setting.standard() : given.text();
    }

    /** Where the value comes from; empty if it is the default. */
    Optional<String> origin(Setting<?> setting) {
        return Optional.ofNullable(values.get(setting.key()))
                .map(given -> given.place().toString());
    }
}
