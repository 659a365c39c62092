package io.chasqui.server.perf;

import java.io.IOException;
import java.io.Serial;

/** The broker closed the connection or its channel and said why. */
final class ClosedByBroker extends IOException {

    @Serial private static final long serialVersionUID = 1L;

    ClosedByBroker(int replyCode, String replyText) {
        super("the broker closed it: " + replyCode + " " + replyText);
    }
}
