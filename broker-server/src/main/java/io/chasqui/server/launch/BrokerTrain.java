package io.chasqui.server.launch;

import io.chasqui.server.config.ConfigException;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code chasqui broker train}: see {@link Training}. */
@Command(
        name = "train",
        description = "Makes the ahead-of-time cache that shortens later starts.",
        mixinStandardHelpOptions = true)
public final class BrokerTrain implements Callable<Integer> {

    @Override
    public Integer call() throws IOException, ConfigException {
        return Training.run();
    }
}
