package io.chasqui.server.config;

import java.util.Locale;

/** The configuration in effect, as YAML; secrets are not shown. */
public final class Listing {

    private static final String HIDDEN = "\"******\"";
    private static final int ORIGIN_COLUMN = 48;

    private Listing() {}

    /**
     * @param origins whether to say where each value comes from
     */
    public static String of(ConfigSources sources, boolean origins) {
        StringBuilder text = new StringBuilder();
        for (Setting<?> setting : Settings.ALL) {
            String line = setting.key() + ": " + value(sources, setting);
            if (origins) {
                String origin = sources.origin(setting).orElse("default");
                line = String.format(Locale.ROOT, "%-" + ORIGIN_COLUMN + "s # %s", line, origin);
            }
            text.append(line).append(System.lineSeparator());
        }
        return text.toString();
    }

    private static String value(ConfigSources sources, Setting<?> setting) {
        return setting.kind().secret()
                ? HIDDEN
                : YamlText.of(setting.kind(), sources.text(setting));
    }

    /**
     * What is known of the settings whose key begins with the given text, or is most like it.
     *
     * @param start empty for every setting
     */
    public static String describe(String start) {
        StringBuilder text = new StringBuilder();
        for (Setting<?> setting : Settings.ALL) {
            if (setting.key().startsWith(start)) {
                text.append(setting.key()).append(System.lineSeparator());
                Paragraph.append(text, "    ", setting.help());
                Paragraph.append(text, "    ", setting.valueHelp());
                Paragraph.append(
                        text,
                        "    ",
                        "Default: " + YamlText.of(setting.kind(), setting.standard()));
                text.append(System.lineSeparator());
            }
        }
        return text.isEmpty() && !start.isEmpty()
                ? describe(Settings.nearest(start).orElse(""))
                : text.toString();
    }
}
