package io.chasqui.server.config;

/** Text broken into lines. */
final class Paragraph {

    private static final int WIDTH = 100;

    private Paragraph() {}

    /** Adds a sentence, every line of it behind the same start. */
    static void append(StringBuilder text, String start, String sentence) {
        int column = 0;
        for (String word : sentence.split(" ")) {
            if (column == 0 || column + 1 + word.length() > WIDTH) {
                text.append(column == 0 ? "" : "\n").append(start);
                column = start.length();
            } else {
                text.append(' ');
                column++;
            }
            text.append(word);
            column += word.length();
        }
        text.append('\n');
    }
}
