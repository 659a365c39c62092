package io.chasqui.protocol.amqp091;

/** The SASL mechanism ANONYMOUS (RFC 4505), whose response names nobody and proves nothing. */
public final class SaslAnonymous {

    public static final String MECHANISM = "ANONYMOUS";

    private SaslAnonymous() {}
}
