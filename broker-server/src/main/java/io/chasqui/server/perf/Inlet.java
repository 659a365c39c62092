package io.chasqui.server.perf;

import io.chasqui.server.client.BrokerConnection;
import java.io.IOException;

/** Where a consumer's messages come from, in one protocol: a connection of its own. */
interface Inlet {

    /** A message too short to say when it was sent. */
    long NO_STAMP = Long.MIN_VALUE;

    /** Takes the messages of one read, one after the other. */
    interface Arrivals {

        /**
         * @param stampNanos when it was sent, or {@link #NO_STAMP}
         */
        void message(long stampNanos) throws IOException;
    }

    BrokerConnection connection();

    /** Waits for octets and hands on the messages completed by them. */
    void read(Arrivals arrivals) throws IOException;

    /** Acknowledges all messages so far, as soon as the connection is flushed. */
    void acknowledge() throws IOException;
}
