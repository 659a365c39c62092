package io.chasqui.server.launch;

import io.chasqui.metrics.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the broker is called where several are looked at together. */
final class NodeName {

    /** Asked for instead of the network's idea of the name, which may take seconds to be found. */
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private NodeName() {}

    static Node node(String version) {
        String name = "chasqui@" + host();
        return new Node(name, name, version);
    }

    private static String host() {
        try {
            return Files.readString(HOST_NAME).strip();
        } catch (IOException _) {
            return "localhost";
        }
    }
}
