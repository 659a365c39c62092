package io.chasqui.server.definitions;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The definitions that a broker is told to have from the start. */
public final class DefinitionsFile {

    private static final Logger LOG = LoggerFactory.getLogger(DefinitionsFile.class);

    private static final long DURABLE_TIMEOUT_S = 60;

    private DefinitionsFile() {}

    /**
     * Imports the file, and waits until what it defines is on disk.
     *
     * @throws IOException if it cannot be read or what it defines cannot be made, saying why
     */
    public static void load(Path file, Broker broker) throws IOException {
        try {
            long position = DefinitionImport.all(broker, Json.readObject(Files.readAllBytes(file)));
            broker.durable(position).get(DURABLE_TIMEOUT_S, TimeUnit.SECONDS);
            LOG.info("definitions of {} are loaded", file);
        } catch (HttpRefusal | Refusal e) {
            throw new IOException(
                    "the definitions in " + file + " cannot be loaded: " + e.getMessage(), e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the definitions in " + file + " do not reach the disk", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while definitions were loaded", e);
        }
    }
}
