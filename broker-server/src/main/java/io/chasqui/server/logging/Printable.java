package io.chasqui.server.logging;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;

/**
 * Text in which nothing can end a line, move a terminal's cursor or turn the direction of writing:
 * names are chosen by clients.
 */
public final class Printable {

    private static final String CUT = "...";

    private Printable() {}

    /**
     * The text, with what is not printable written as {@code \}{@code u0000}.
     *
     * @param maxChars beyond which it is cut, with dots to show it
     */
    public static String of(String text, int maxChars) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), maxChars));
        append(line, text, maxChars);
        return line.toString();
    }

    /**
     * As {@link #of}.
     *
     * @param maxOctets of UTF-8 beyond which it is cut, with dots to show it
     */
    public static String ofOctets(String text, int maxOctets) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), maxOctets));
        int octets = 0;
        int at = 0;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            at += Character.charCount(point);
            String shown = isPrintable(point) ? Character.toString(point) : escaped(point);
            octets += shown.getBytes(UTF_8).length;
            if (octets > maxOctets) {
                return line.append(CUT).toString();
            }
            line.append(shown);
        }
        return line.toString();
    }

    private static String escaped(int point) {
        return String.format(Locale.ROOT, "\\u%04x", point);
    }

    /** Adds the text to a line, as {@link #of} writes it. */
    static void append(StringBuilder line, String text, int maxChars) {
        int end = line.length() + maxChars;
        int at = 0;
        while (at < text.length() && line.length() < end) {
            int point = text.codePointAt(at);
            at += Character.charCount(point);
            if (isPrintable(point)) {
                line.appendCodePoint(point);
            } else {
                line.append(escaped(point));
            }
        }
        if (at < text.length() || line.length() > end) {
            line.setLength(Math.min(line.length(), end));
            line.append(CUT);
        }
    }

    private static boolean isPrintable(int point) {
        if (point >= ' ' && point < 0x7f) {
            return true;
        }
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE ->
                    false;
            default -> true;
        };
    }
}
