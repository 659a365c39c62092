package io.chasqui.server.config;

/** The commented sample configuration, made from the table of settings. */
public final class SampleFile {

    private SampleFile() {}

    /** Its text: every setting with its default, commented out. */
    public static String text() {
        StringBuilder text =
                new StringBuilder(
                        """
                        # Configuration of a Chasqui broker: every setting, with its default.
                        # To change one, remove the comment mark before it. Levels may be written
                        # with dots, as here, or nested. ${NAME} and ${NAME:-default} stand for
                        # variables of the environment. Files in conf.d beside this one count more
                        # than it, in the order of their names; then the environment, and
                        # --set KEY=VALUE most of all.
                        """);
        for (Setting<?> setting : Settings.ALL) {
            text.append('\n');
            Paragraph.append(text, "# ", setting.help());
            Paragraph.append(text, "# ", setting.valueHelp());
            text.append("#")
                    .append(setting.key())
                    .append(": ")
                    .append(YamlText.of(setting.kind(), setting.standard()))
                    .append('\n');
        }
        return text.toString();
    }
}
