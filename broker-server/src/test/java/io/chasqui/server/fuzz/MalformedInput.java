package io.chasqui.server.fuzz;

import io.chasqui.protocol.amqp091.ReplyCode;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

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

    /** Whatever is made of it is right, but to blame the broker. */
    static MalformedInput anything(String kind, Stage stage, byte[] octets) {
        return new MalformedInput(kind, stage, octets, Scope.ANY, Set.of());
    }

    /** It costs the connection, with one of these codes. */
    static MalformedInput closes(String kind, Stage stage, byte[] octets, ReplyCode... codes) {
        return new MalformedInput(kind, stage, octets, Scope.CONNECTION, codesOf(codes));
    }

    /** It costs channel 1, with this code. */
    static MalformedInput channelCloses(String kind, byte[] octets, ReplyCode code) {
        return new MalformedInput(kind, Stage.CHANNEL, octets, Scope.CHANNEL, codesOf(code));
    }

    private static Set<Integer> codesOf(ReplyCode... codes) {
        return Arrays.stream(codes).map(ReplyCode::code).collect(Collectors.toUnmodifiableSet());
    }
}
