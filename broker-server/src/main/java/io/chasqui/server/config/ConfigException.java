package io.chasqui.server.config;

import java.util.List;

/** The configuration is wrong, in one or more places, each told in one line. */
@SuppressWarnings("serial") // Never serialized.
public final class ConfigException extends Exception {

    private final List<String> problems;

    ConfigException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems), null, false, false);
        this.problems = List.copyOf(problems);
    }

    /** One line each. */
    public List<String> problems() {
        return problems;
    }
}
