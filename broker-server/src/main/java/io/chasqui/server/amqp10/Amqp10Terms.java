package io.chasqui.server.amqp10;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.security.Authenticator;
import io.chasqui.server.net.ConnectionLimit;
import io.chasqui.server.net.ServerIdentity;

/**
 * What all connections of AMQP 1.0 have in common.
 *
 * @param frameMax largest frame that a client may send, in octets
 * @param initialFrameMax the same until it has logged in
 * @param heartbeatSeconds after twice as much silence a client is given up; 0 for never
 * @param maxMessageBytes largest message
 * @param handshakeTimeoutMs from the protocol header to open
 * @param connections how many may be open at once, those of other protocols included
 */
public record Amqp10Terms(
        Broker broker,
        Authenticator authenticator,
        ServerIdentity identity,
        int frameMax,
        int initialFrameMax,
        int heartbeatSeconds,
        long maxMessageBytes,
        int handshakeTimeoutMs,
        ConnectionLimit connections) {

    /** Highest channel: RabbitMQ's 64 sessions. */
    static final int CHANNEL_MAX = 63;

    /** Highest handle: RabbitMQ's 256 links in a session. */
    static final int HANDLE_MAX = 255;

    /** Transactions that may be open on one coordinator link. */
    static final int TRANSACTIONS_MAX = 64;
}
