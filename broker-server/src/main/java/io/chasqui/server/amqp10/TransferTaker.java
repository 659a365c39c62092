package io.chasqui.server.amqp10;

import io.chasqui.protocol.amqp10.TransferReader;
import java.nio.ByteBuffer;

/** A link that the client sends on. */
sealed interface TransferTaker extends LinkEndpoint permits IncomingLink, CoordinatorLink {

    /**
     * Takes a frame with so many octets of payload.
     *
     * @throws Amqp10Error if the link, or more, is to end because of it
     */
    void transfer(TransferReader transfer, ByteBuffer in, int size);
}
