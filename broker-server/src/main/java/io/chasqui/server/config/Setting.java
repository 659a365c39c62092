package io.chasqui.server.config;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One thing that can be configured, declared once: parsing, help, the sample file and the
 * documentation all come from here.
 *
 * @param key its name in the configuration file, dots between the levels
 * @param standard the default, written as a user would write it
 * @param help what it does, in sentences; units and dangers included
 * @param otherVariables names in the environment beside its own, the ones that count more first
 */
record Setting<T>(
        String key, Kind<T> kind, String standard, String help, List<String> otherVariables) {

    /** What is added to the name of a variable that names a file with the value. */
    static final String FILE_SUFFIX = "_FILE";

    Setting(String key, Kind<T> kind, String standard, String help) {
        this(key, kind, standard, help, List.of());
    }

    /** The same, which may be set under other names in the environment as well. */
    Setting<T> alsoFrom(String... variables) {
        return new Setting<>(key, kind, standard, help, List.of(variables));
    }

    /** Its name in the environment: {@code CHASQUI_} and the key in capitals. */
    String environment() {
        return "CHASQUI_" + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** All its names in the environment, the ones that count more first. */
    List<String> variables() {
        return Stream.concat(Stream.of(environment()), otherVariables.stream()).toList();
    }

    /** What may stand there and what stands there by default, in one sentence. */
    String valueHelp() {
        return "Value: "
                + kind.description()
                + ". Environment: "
                + String.join(", ", variables())
                + ".";
    }

    /** The level it belongs to in tables of contents: the part before the first dot. */
    String group() {
        int dot = key.indexOf('.');
        return dot < 0 ? "" : key.substring(0, dot);
    }
}
