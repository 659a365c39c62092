package io.chasqui.server.client;

import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What a command does over one connection; how it ended is its exit code. */
interface Errand {

    /** Exit code of a command the broker refused, or that did not get what it waited for. */
    int FAILED = 1;

    /** Returns the exit code. */
    int run(ClientConnection connection) throws IOException;

    /** Connects, runs the errand and says good-bye; what goes wrong is told in one line. */
    static int run(CommandSpec command, String url, Errand errand) {
        BrokerUrl broker;
        try {
            broker = BrokerUrl.parse(url);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
        try (ClientConnection connection =
                ClientConnection.open(broker, "chasqui " + command.name())) {
            return errand.run(connection);
        } catch (IOException e) {
            String hint =
                    e instanceof ClosedByBroker closed && closed.replyCode() == NOT_FOUND
                            ? " (--declare makes a queue)"
                            : "";
            command.commandLine()
                    .getErr()
                    .println(command.name() + ": " + broker + ": " + e.getMessage() + hint);
            return FAILED;
        }
    }

    /** Reply code of a queue or exchange that is not there (0-9-1 §1.2). */
    int NOT_FOUND = 404;
}
