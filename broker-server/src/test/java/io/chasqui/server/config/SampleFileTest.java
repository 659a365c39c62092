package io.chasqui.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample configuration shows every setting, and is up to date. */
class SampleFileTest {

    private static final Path SAMPLE = Path.of("../config/broker.yaml");

    @Test
    void the_sample_file_is_what_the_table_of_settings_makes_it() throws IOException {
        if (Boolean.getBoolean("chasqui.regenerate")) {
            Files.createDirectories(SAMPLE.getParent());
            Files.writeString(SAMPLE, SampleFile.text());
        }
        assertThat(Files.readString(SAMPLE))
                .as("run the tests with -Dchasqui.regenerate=true and commit the result")
                .isEqualTo(SampleFile.text());
    }

    @Test
    void uncommented_it_sets_every_setting_to_its_default(@TempDir Path directory)
            throws Exception {
        String uncommented =
                SampleFile.text()
                        .lines()
                        .filter(line -> line.matches("#[a-z].*"))
                        .map(line -> line.substring(1))
                        .collect(Collectors.joining("\n"));
        assertThat(uncommented.lines()).hasSize(Settings.ALL.size());
        Path file = Files.writeString(directory.resolve("broker.yaml"), uncommented);
        assertThat(new ConfigSources().file(file).build()).isEqualTo(BrokerConfig.standard());
    }
}
