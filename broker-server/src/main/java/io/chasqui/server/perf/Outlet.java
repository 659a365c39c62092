package io.chasqui.server.perf;

import io.chasqui.server.client.BrokerConnection;
import java.io.IOException;

/** Where a publisher's messages go, in one protocol: a connection of its own. */
interface Outlet {

    /** Is told which messages the broker is done with. */
    interface Settled {

        /**
         * @param tag of the message, counted from 1 on in the order of writing
         * @param multiple whether all before it are meant too
         * @param taken whether the broker has it; otherwise it was refused
         */
        void settled(long tag, boolean multiple, boolean taken);
    }

    BrokerConnection connection();

    /** Octets of a message as it is written. */
    int messageBytes();

    /** How many of the wanted messages the broker takes now; 0: something must be read first. */
    int free(int wanted);

    /** Writes a message, to be flushed. */
    void write(long stampNanos);

    /** Waits for the broker to say something. */
    void read(Settled settled) throws IOException;
}
