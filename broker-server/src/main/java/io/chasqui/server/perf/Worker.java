package io.chasqui.server.perf;

import io.chasqui.server.client.BrokerConnection;
import java.io.IOException;

/** One connection's job, done by one thread until it is stopped. */
sealed interface Worker permits Publisher, Consumer {

    /** Works until {@link #stop}; whatever goes wrong before that is thrown. */
    void work() throws IOException;

    /** From another thread: the job is to end soon. */
    void stop();

    /** To be stopped and to be closed by the thread that ran {@link #work}. */
    BrokerConnection connection();

    /** Adds what this worker has counted so far. */
    Sample addTo(Sample sample);
}
