package io.chasqui.server.config;

import java.util.Locale;
import java.util.regex.Pattern;

/** Values as they are written in YAML. */
final class YamlText {

    /** What needs no quotes; {@code null}, {@code ~} and the like do not look like this. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_/.][A-Za-z0-9_/.%@+-]*");

    private YamlText() {}

    /**
     * @param text a value as it would stand in the environment
     */
    static String of(Kind<?> kind, String text) {
        return switch (kind.shape()) {
            case VALUE -> scalar(text);
            case LIST -> '[' + elements(text) + ']';
            case MAP -> '{' + elements(text) + '}';
        };
    }

    private static String elements(String text) {
        StringBuilder elements = new StringBuilder();
        for (String element : text.split(",", -1)) {
            if (element.isBlank()) {
                continue;
            }
            elements.append(elements.isEmpty() ? "" : ", ");
            int equals = element.indexOf('=');
            if (equals < 0) {
                elements.append(scalar(element.strip()));
            } else {
                elements.append(scalar(element.substring(0, equals).strip()))
                        .append(": ")
                        .append(scalar(element.substring(equals + 1).strip()));
            }
        }
        return elements.toString();
    }

    private static String scalar(String text) {
        if (PLAIN.matcher(text).matches() && !text.equals("null")) {
            return text;
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character == '"' || character == '\\') {
                quoted.append('\\').append(character);
            } else if (Character.isISOControl(character)) {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) character));
            } else {
                quoted.append(character);
            }
        }
        return quoted.append('"').toString();
    }
}
