package io.chasqui.server.launch;

import picocli.CommandLine.IVersionProvider;

/** What {@code chasqui --version} says. Apart from {@link Version}, so that a start needs no picocli. */
public final class VersionProvider implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"chasqui " + Version.current()};
    }
}
