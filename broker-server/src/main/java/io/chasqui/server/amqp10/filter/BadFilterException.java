package io.chasqui.server.amqp10.filter;

/** A filter that makes no sense; its message says why. */
public final class BadFilterException extends Exception {

    private static final long serialVersionUID = 1L;

    BadFilterException(String text) {
        super(text, null, false, false);
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
