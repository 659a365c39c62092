package io.chasqui.server.cli;

import picocli.CommandLine.Option;

/** The virtual host that a command is about. */
final class VhostOption {

    @Option(
            names = "--vhost",
            defaultValue = "/",
            paramLabel = "NAME",
            description = "The virtual host; default: ${DEFAULT-VALUE}.")
    private String name = "/";

    String name() {
        return name;
    }
}
