package io.chasqui.server.amqp10;

import io.chasqui.protocol.amqp10.Amqp10;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.transport.Open;
import org.jspecify.annotations.Nullable;

/**
 * What a client says of itself as it opens (1.0 §2.7.1).
 *
 * @param vhost the virtual host it wants
 * @param frameMax largest frame that it takes, in octets
 * @param idleTimeOutMs after how much silence it gives us up, 0 for never
 * @param sole what is to happen to another connection of the same container, if there may be none
 * @param properties in plain values
 */
record ClientFacts(
        String container,
        String vhost,
        String product,
        int frameMax,
        long idleTimeOutMs,
        Optional<SoleConnections.Policy> sole,
        Map<String, @Nullable Object> properties) {

    /** How RabbitMQ's clients name a virtual host in place of a host. */
    private static final String VHOST = "vhost:";

    private static final String DEFAULT_VHOST = "/";

    /** Frames are not made larger, whatever the client takes. */
    private static final long LARGEST_FRAME = 1024 * 1024;

    /** The interval at which connections are looked after bounds what can be kept. */
    private static final long SHORTEST_IDLE_MS = 1000;

    /**
     * @throws Amqp10Error if it asks for what cannot be
     */
    static ClientFacts of(Open open) {
        UnsignedInteger frameMax = open.getMaxFrameSize();
        long frames = frameMax == null ? LARGEST_FRAME : frameMax.longValue();
        if (frames < Amqp10.MIN_FRAME_MAX) {
            throw Amqp10Error.connection(
                    Amqp10Error.FRAMING_ERROR,
                    "max-frame-size " + frames + " is below " + Amqp10.MIN_FRAME_MAX);
        }
        UnsignedInteger idle = open.getIdleTimeOut();
        long idleMs = idle == null ? 0 : idle.longValue();
        if (idleMs != 0 && idleMs < SHORTEST_IDLE_MS) {
            throw Amqp10Error.connection(
                    Amqp10Error.NOT_ALLOWED,
                    "idle-time-out " + idleMs + " ms is below " + SHORTEST_IDLE_MS + " ms");
        }
        String host = open.getHostname();
        Map<String, @Nullable Object> properties = plain(open.getProperties());
        return new ClientFacts(
                open.getContainerId(),
                host != null && host.startsWith(VHOST)
                        ? host.substring(VHOST.length())
                        : DEFAULT_VHOST,
                String.valueOf(properties.getOrDefault("product", "")),
                (int) Math.min(frames, LARGEST_FRAME),
                idleMs,
                SoleConnections.asked(open.getDesiredCapabilities(), open.getProperties()),
                properties);
    }

    private static Map<String, @Nullable Object> plain(@Nullable Map<?, ?> given) {
        Map<String, @Nullable Object> plain = new LinkedHashMap<>();
        if (given != null) {
            given.forEach((key, value) -> plain.put(String.valueOf(key), String.valueOf(value)));
        }
        return plain;
    }
}
