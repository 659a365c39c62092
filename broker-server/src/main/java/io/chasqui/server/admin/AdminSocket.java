package io.chasqui.server.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where the administration socket is: {@code admin/chasqui.sock} in the data directory. The
 * directory is its owner's only (0700), so that nobody else gets at the socket even before its own
 * mode is set.
 */
public final class AdminSocket {

    private static final String DIRECTORY = "admin";
    private static final String SOCKET = "chasqui.sock";

    private AdminSocket() {}

    /** The socket of the broker with this data directory. */
    public static Path in(Path dataDir) {
        return dataDir.resolve(DIRECTORY).resolve(SOCKET);
    }

    /** The same, with its directory made or put right. */
    public static Path preparedIn(Path dataDir) throws IOException {
        Path directory = dataDir.resolve(DIRECTORY);
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        return in(dataDir);
    }
}
