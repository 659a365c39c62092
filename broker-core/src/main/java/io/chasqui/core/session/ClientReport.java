package io.chasqui.core.session;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What there is to tell of a client's connection, of one moment.
 *
 * @param givenName the name that the client gave it; empty if none
 * @param containerId the container that the client says it is (1.0); empty if its protocol has none
 * @param properties what the client says of itself, in plain values as {@link
 *     io.chasqui.core.definition.Arguments} has them
 * @param encryption empty if there is none
 * @param mechanism with which the user logged in
 * @param connectedAtMs when it was opened, in milliseconds since the epoch
 * @param heartbeatSeconds as agreed on, 0 for none
 * @param frameMax largest frame agreed on, 0 for no limit
 */
public record ClientReport(
        End host,
        End peer,
        String givenName,
        String containerId,
        Map<String, @Nullable Object> properties,
        Optional<Encryption> encryption,
        String mechanism,
        long connectedAtMs,
        int heartbeatSeconds,
        int channelMax,
        int frameMax,
        State state,
        Traffic traffic,
        List<ChannelReport> channels) {

    /** One end of the connection. */
    public record End(String address, int port) {}

    /** How it is encrypted: {@code TLSv1.3}, {@code TLS_AES_256_GCM_SHA384}. */
    public record Encryption(String protocol, String suite) {}

    /** What has gone over it: octets, and how often something was read or sent. */
    public record Traffic(
            long receivedBytes, long reads, long sentBytes, long flushes, long unsentBytes) {}

    /** Whether it may publish. */
    public enum State {
        /** It may. */
        RUNNING,
        /** There is an alarm, and it has not published since. */
        BLOCKING,
        /** There is an alarm, and it has tried to publish. */
        BLOCKED
    }
}
