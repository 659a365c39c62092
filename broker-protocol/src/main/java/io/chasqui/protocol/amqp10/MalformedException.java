package io.chasqui.protocol.amqp10;

/** Octets that are not what AMQP 1.0 says they must be; the message says why, for the peer. */
public final class MalformedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public MalformedException(String why) {
        super(why, null, false, false);
    }

    /** Why. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
