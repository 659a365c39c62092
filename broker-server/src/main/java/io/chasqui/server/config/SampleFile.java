package io.chasqui.server.config;

/** The commented sample configuration, made from the table of settings. */
public final class SampleFile {

    private static final int WIDTH = 100;

    private SampleFile() {}

    /** Its text: every setting with its default, commented out. */
    public static String text() {
        StringBuilder text =
                new StringBuilder(
                        """
                        # Configuration of a Chasqui broker: every setting, with its default.
                        # To change one, remove the comment mark before it. Levels may be written
                        # with dots, as here, or nested. The environment counts more than this
                        # file, and --set KEY=VALUE more than both.
                        """);
        for (Setting<?> setting : Settings.ALL) {
            text.append('\n');
            appendWrapped(text, setting.help());
            appendWrapped(
                    text,
                    "Value: "
                            + setting.kind().description()
                            + ". Environment: "
                            + setting.environment());
            text.append("#").append(setting.key()).append(": ").append(yaml(setting)).append('\n');
        }
        return text.toString();
    }

    private static String yaml(Setting<?> setting) {
        String standard = setting.standard();
        return standard.contains(",") ? '[' + quoted(standard) + ']' : standard;
    }

    /** Addresses hold colons, which mean something in YAML. */
    private static String quoted(String list) {
        return '"' + list.replace(", ", "\", \"") + '"';
    }

    private static void appendWrapped(StringBuilder text, String sentence) {
        int column = 0;
        for (String word : sentence.split(" ")) {
            if (column == 0 || column + 1 + word.length() > WIDTH) {
                text.append(column == 0 ? "# " : "\n# ");
                column = 2;
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
