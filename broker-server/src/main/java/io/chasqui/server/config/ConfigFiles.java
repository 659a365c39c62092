package io.chasqui.server.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which files a configuration consists of. */
public final class ConfigFiles {

    /** The variable that names the main file. */
    public static final String VARIABLE = "CHASQUI_CONFIG";

    private static final String MAIN = "broker.yaml";
    private static final String MORE = "conf.d";

    private ConfigFiles() {}

    /**
     * The main file: what the command line says, else the environment, else the first that there is
     * of {@code config/broker.yaml} in the installation and {@code /etc/chasqui/broker.yaml}. Files
     * in {@code conf.d} will do without a main file.
     *
     * @param option from the command line
     * @param home where the program is installed, if that is known
     */
    public static Optional<Path> search(
            @Nullable Path option, Map<String, String> environment, @Nullable String home) {
        String variable = environment.get(VARIABLE);
        if (option != null) {
            return Optional.of(option);
        }
        if (variable != null && !variable.isEmpty()) {
            return Optional.of(Path.of(variable));
        }
        return Stream.concat(
                        Stream.ofNullable(home).map(directory -> Path.of(directory, "config")),
                        Stream.of(Path.of("/etc/chasqui")))
                .map(directory -> directory.resolve(MAIN))
                .filter(main -> Files.exists(main) || Files.isDirectory(main.resolveSibling(MORE)))
                .findFirst();
    }

    /**
     * The files of {@code conf.d} beside the main file, in the order of their names; the later ones
     * count more.
     *
     * @throws IOException if they cannot be listed
     */
    static List<Path> beside(Path main) throws IOException {
        Path directory = main.resolveSibling(MORE);
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("[^.].*\\.ya?ml"))
                    .sorted()
                    .toList();
        }
    }

    /** Why a file cannot be read, without the name of the exception. */
    public static String reason(Exception e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no such file";
            case AccessDeniedException _ -> "permission denied";
            default -> String.valueOf(e.getMessage());
        };
    }
}
