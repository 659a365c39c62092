package io.chasqui.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page about configuration shows every setting, and is up to date. */
class ReferencePageTest {

    private static final Path PAGE = Path.of("../docs/configuration.md");

    @Test
    void the_page_is_what_the_table_of_settings_makes_it() throws IOException {
        if (Boolean.getBoolean("chasqui.regenerate")) {
            Files.writeString(PAGE, ReferencePage.text());
        }
        assertThat(Files.readString(PAGE))
                .as("run the tests with -Dchasqui.regenerate=true and commit the result")
                .isEqualTo(ReferencePage.text());
    }

    @Test
    void every_setting_is_described() {
        for (Setting<?> setting : Settings.ALL) {
            assertThat(ReferencePage.text()).contains("| `" + setting.key() + "` |");
            assertThat(Listing.describe(setting.key())).contains(setting.key());
        }
        assertThat(Listing.describe("limits.frame-mx")).startsWith("limits.frame-max");
    }
}
