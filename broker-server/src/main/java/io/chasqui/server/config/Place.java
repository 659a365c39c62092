package io.chasqui.server.config;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where something is written, so that it can be found and shown.
 *
 * @param source a file, a variable or an option
 * @param line from 1, or 0 if the source has no lines
 * @param column from 1
 * @param text the line it stands in; empty if there is nothing to show
 */
record Place(String source, int line, int column, String text) {

    private static final int WIDEST = 100;
    private static final int LEFT_OF_MARK = 60;

    /** What follows a name like these, even misspelt, is not shown. */
    private static final Pattern SECRET =
            Pattern.compile("(?i)((?:pas|secret)[\\w-]*[\"']?\\s*[:=]\\s*)\\S.*");

    /** Somewhere in a source as a whole. */
    static Place in(String source) {
        return new Place(source, 0, 1, "");
    }

    static Place ofVariable(String name, String value) {
        return new Place("environment variable " + name, 0, name.length() + 2, name + "=" + value);
    }

    /** The value given to an option such as {@code --amqp-port}. */
    static Place ofOption(String option, String value) {
        return new Place(option, 0, option.length() + 2, option + " " + value);
    }

    /** The value, or else the key, of {@code --set KEY=VALUE}. */
    static Place ofSet(String key, String value, boolean ofValue) {
        String start = "--set ";
        int column = start.length() + 1 + (ofValue ? key.length() + 1 : 0);
        return new Place("--set", 0, column, start + key + "=" + value);
    }

    /** The line with a mark below the column, or nothing; secrets are left out. */
    String excerpt() {
        if (text.isEmpty()) {
            return "";
        }
        String line = printable(SECRET.matcher(text).replaceFirst("$1******"));
        int at = Math.min(column - 1, line.length());
        int from = at > WIDEST ? at - LEFT_OF_MARK : 0;
        String shown = line.substring(from, Math.min(line.length(), from + WIDEST));
        return String.format(
                Locale.ROOT, "%n    %s%n    %s^", shown.stripTrailing(), " ".repeat(at - from));
    }

    private static String printable(String line) {
        StringBuilder text = new StringBuilder(line.length());
        for (int i = 0; i < line.length(); i++) {
            char character = line.charAt(i);
            text.append(Character.isISOControl(character) ? ' ' : character);
        }
        return text.toString();
    }

    /** As compilers write it: {@code file:line:column}. */
    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line + ":" + column;
    }
}
