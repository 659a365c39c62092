package io.chasqui.protocol.amqp091;

/** The SASL mechanism EXTERNAL (RFC 4422), whose response says nothing: who it is is known otherwise. */
public final class SaslExternal {

    public static final String MECHANISM = "EXTERNAL";

    private SaslExternal() {}
}
