package io.chasqui.server.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration is wrong, in one or more places. */
@SuppressWarnings("serial") // Never serialized.
public final class ConfigException extends Exception {

    private final List<String> problems;

    ConfigException(List<Problem> problems) {
        super(text(problems), null, false, false);
        this.problems = problems.stream().map(Problem::toString).toList();
    }

    private static String text(List<Problem> problems) {
        String count = problems.size() == 1 ? "one mistake" : problems.size() + " mistakes";
        return problems.stream()
                .map(Problem::toString)
                .collect(
                        Collectors.joining(
                                System.lineSeparator(),
                                "the configuration has " + count + ":" + System.lineSeparator(),
                                ""));
    }

    /**
     * Each begins with its place and the complaint in one line; the offending line with a mark
     * below the place may follow.
     */
    public List<String> problems() {
        return problems;
    }
}
