package io.chasqui.server.fuzz;

import java.util.Set;

/**
 * What a peer sends that it should not, and what it must be told.
 *
 * @param kind what is wrong with it
 * @param expected reply codes of which one must come, before anything else; empty if anything may
 *     come but 541 as long as the broker is done with it when the peer stops
 * @param scope what must be closed with such a code
 */
record MalformedInput(String kind, Stage stage, byte[] octets, Scope scope, Set<Integer> expected) {

    enum Scope {
        CONNECTION,
        CHANNEL,
        /** The broker names the version it speaks and closes the socket. */
        VERSION,
        ANY
    }
}
