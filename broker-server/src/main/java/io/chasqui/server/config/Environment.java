package io.chasqui.server.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads settings out of the environment. {@code NAME_FILE} names a file with the value of {@code
 * NAME}, as container platforms hand out secrets.
 *
 * <p>A variable that no setting has is passed over, for it may be another program's: Kubernetes
 * sets several for every service, whatever the service is called. One that is nearly a setting's is
 * taken for a mistake.
 */
final class Environment {

    /** The launcher's own variables. */
    private static final Set<String> LAUNCHERS =
            Set.of("CHASQUI_JAVA_HOME", "CHASQUI_JVM_OPTS", "CHASQUI_AOT_CACHE");

    private static final String PREFIX = "CHASQUI_";
    private static final int FARTHEST_MISTAKE = 2;

    private final Map<String, String> variables;
    private final ConfigSources sources;

    /**
     * @param sources told of what is found, good or bad
     */
    Environment(Map<String, String> variables, ConfigSources sources) {
        this.variables = variables;
        this.sources = sources;
    }

    void read() {
        Set<String> known = new TreeSet<>(LAUNCHERS);
        Set<String> settings =
                Settings.ALL.stream()
                        .flatMap(setting -> setting.variables().stream())
                        .collect(Collectors.toSet());
        for (Setting<?> setting : Settings.ALL) {
            read(setting, settings);
            setting.variables().forEach(name -> namesOf(name).forEach(known::add));
        }
        for (String name : new TreeSet<>(variables.keySet())) {
            if (name.startsWith(PREFIX) && !known.contains(name)) {
                Spelling.nearest(name, known, FARTHEST_MISTAKE)
                        .ifPresent(meant ->
                                sources.problem(
                                        new Place(
                                                "environment variable " + name,
                                                0,
                                                1,
                                                name + "=" + variables.get(name)),
                                        "unknown variable; did you mean '" + meant + "'?"));
            }
        }
    }

    private static Stream<String> namesOf(String variable) {
        return Stream.of(variable, variable + Setting.FILE_SUFFIX);
    }

    /** The first of its names that is set counts. */
    private void read(Setting<?> setting, Set<String> settings) {
        for (String name : setting.variables()) {
            String fileName = name + Setting.FILE_SUFFIX;
            String value = variables.get(name);
            String file = settings.contains(fileName) ? null : variables.get(fileName);
            if (value != null && file != null) {
                sources.problem(
                        Place.ofVariable(fileName, file),
                        name + " is set as well; only one of the two may be");
            } else if (file != null) {
                Place place = Place.ofVariable(fileName, file);
                content(file, place).ifPresent(text -> sources.give(setting, text, place));
            } else if (value != null) {
                sources.give(setting, value, Place.ofVariable(name, value));
            }
            if (value != null || file != null) {
                return;
            }
        }
    }

    /** A file's text without the line end that editors leave behind. */
    private Optional<String> content(String file, Place place) {
        try {
            String text = Files.readString(Path.of(file));
            return Optional.of(text.replaceFirst("\\R\\z", ""));
        } catch (CharacterCodingException _) {
            sources.problem(place, "the file is not text in UTF-8");
        } catch (IOException | IllegalArgumentException e) {
            sources.problem(place, "the file cannot be read: " + ConfigFiles.reason(e));
        }
        return Optional.empty();
    }
}
