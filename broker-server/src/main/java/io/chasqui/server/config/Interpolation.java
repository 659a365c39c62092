package io.chasqui.server.config;

import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts variables of the environment into values of a file: {@code ${NAME}}, or {@code
 * ${NAME:-default}} for one that may be absent or empty. {@code $${} stands for {@code ${}.
 */
record Interpolation(Map<String, String> variables) {

    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\$\\{|\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}|\\$\\{");

    /**
     * @throws IllegalArgumentException if a variable is absent, or a reference is malformed, saying
     *     so
     */
    String apply(String text) {
        if (!text.contains("${")) {
            return text;
        }
        return REFERENCE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(value(found)));
    }

    private String value(MatchResult found) {
        if (found.group().equals("$${")) {
            return "${";
        }
        String name = found.group(1);
        if (name == null) {
            throw new IllegalArgumentException(
                    "'${' must be followed by a name and '}', as in ${NAME} or ${NAME:-default};"
                            + " write '$${' for '${' itself");
        }
        String value = variables.get(name);
        String otherwise = found.group(2);
        if (otherwise != null) {
            return value == null || value.isEmpty() ? otherwise : value;
        }
        if (value == null) {
            throw new IllegalArgumentException(
                    "the environment has no variable "
                            + name
                            + "; ${"
                            + name
                            + ":-default} would do without");
        }
        return value;
    }
}
