package io.chasqui.server.client;

import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.QueueMethod;
import java.io.IOException;
import picocli.CommandLine.Option;

/** The options that {@code publish} and {@code consume} share. */
final class ClientOptions {

    @Option(
            names = {"--url", "--uri"},
            paramLabel = "URL",
            description =
                    "amqp://USER:PASSWORD@HOST:PORT/VIRTUAL-HOST, or amqps:// for TLS, with"
                            + " ?cacertfile=FILE if Java does not know who vouches for the broker;"
                            + " the virtual host / is %%2f or left out. Default: ${DEFAULT-VALUE}")
    String url = "amqp://guest:guest@127.0.0.1:5672";

    @Option(names = "--declare", description = "Declare the queue, durable, before it is used.")
    boolean declare;

    void declareIfAsked(ClientConnection connection, String queue) throws IOException {
        if (declare) {
            connection.call(
                    new QueueMethod.Declare(
                            queue, false, true, false, false, false, FieldTable.EMPTY),
                    QueueMethod.DeclareOk.class);
        }
    }
}
