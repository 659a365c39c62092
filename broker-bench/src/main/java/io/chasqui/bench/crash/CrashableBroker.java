package io.chasqui.bench.crash;

import java.io.IOException;
import java.time.Duration;

/** A broker that can be started and killed, keeping its data in between. */
sealed interface CrashableBroker permits ChildBroker, ExternalBroker {

    /** Begins to start it. */
    void launch() throws IOException;

    /**
     * Waits until it says that it is ready.
     *
     * @throws IOException if it ends, or is not ready in time
     */
    void awaitReady(Duration patience) throws IOException, InterruptedException;

    /**
     * Lets it live for so long.
     *
     * @throws IOException if it ends by itself meanwhile, as far as that can be seen
     */
    void letLive(long ms) throws IOException, InterruptedException;

    /** Ends it with no warning, and waits until it is gone. */
    void kill() throws IOException, InterruptedException;

    /**
     * Ends it as its operator would.
     *
     * @throws IOException if it does not end
     */
    void stop() throws IOException, InterruptedException;
}
