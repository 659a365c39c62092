package io.chasqui.server.client;

import java.io.IOException;
import java.io.Serial;

/** The broker closed the connection or its channel and said why. */
public final class ClosedByBroker extends IOException {

    @Serial private static final long serialVersionUID = 1L;

    private final int replyCode;

    ClosedByBroker(int replyCode, String replyText) {
        super("the broker closed it: " + replyCode + " " + replyText);
        this.replyCode = replyCode;
    }

    /** Why, as 0-9-1 §1.2 numbers reasons; the text in {@link #getMessage} says more. */
    public int replyCode() {
        return replyCode;
    }
}
