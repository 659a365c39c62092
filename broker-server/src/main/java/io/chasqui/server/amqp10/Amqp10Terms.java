package io.chasqui.server.amqp10;

import io.chasqui.core.boot.Broker;
import io.chasqui.server.net.ConnectionLimit;
import io.chasqui.server.net.Logins;
import io.chasqui.server.net.ServerIdentity;

/**
 * What all connections of AMQP 1.0 have in common.
 *
 * @param frameMax largest frame that a client may send, in octets
 * @param initialFrameMax the same until it has logged in
 * @param heartbeatSeconds after twice as much silence a client is given up; 0 for never
 * @param maxMessageBytes largest message
 * @param handshakeTimeoutMs from the protocol header to open
 * @param limits of what a client may have at once
 * @param connections how many may be open at once, those of other protocols included
 * @param containers which are connected
 */
public record Amqp10Terms(
        Broker broker,
        Logins logins,
        ServerIdentity identity,
        int frameMax,
        int initialFrameMax,
        int heartbeatSeconds,
        long maxMessageBytes,
        int handshakeTimeoutMs,
        Limits limits,
        ConnectionLimit connections,
        SoleConnections containers) {

    /**
     * What one client may have at once.
     *
     * @param sessions of a connection
     * @param links of a session
     * @param credit messages that may be sent on a link before the broker allows more
     */
    public record Limits(int sessions, int links, int credit) {

        /** The highest channel. */
        int channelMax() {
            return sessions - 1;
        }

        /** The highest handle. */
        int handleMax() {
            return links - 1;
        }
    }

    /** Transactions that may be open in one session. */
    static final int TRANSACTIONS_MAX = 64;
}
