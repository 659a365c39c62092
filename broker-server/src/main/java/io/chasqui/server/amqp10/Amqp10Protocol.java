package io.chasqui.server.amqp10;

import io.chasqui.core.message.MessageFormat;
import io.chasqui.protocol.amqp10.Amqp10;
import io.chasqui.server.net.Protocol;
import io.chasqui.server.net.ShardConnections;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.nio.ByteBuffer;

/**
 * AMQP 1.0 as a protocol that ports may speak. Clients log in through SASL first; a client that begins
 * without is somebody without a name, or is told to log in if such are not let in (1.0 §2.2, §5.3.2).
 */
public final class Amqp10Protocol implements Protocol {

    private final Amqp10Terms terms;

    public Amqp10Protocol(Amqp10Terms terms) {
        this.terms = terms;
    }

    /** How messages of this protocol lie in the store. */
    public static MessageFormat format() {
        return Amqp10Format.INSTANCE;
    }

    @Override
    public byte[] header() {
        return Amqp10.protocolHeader(Amqp10.SASL);
    }

    /** The same version without SASL, or with TLS inside (1.0 §5.2.1). */
    @Override
    public boolean isMeant(ByteBuffer octets, int at) {
        int layerAt = 4;
        byte[] like = Amqp10.protocolHeader(octets.get(at + layerAt));
        return octets.slice(at, like.length).equals(ByteBuffer.wrap(like));
    }

    @Override
    public boolean isHeader(ByteBuffer octets, int at) {
        return Amqp10.isProtocolHeader(octets, at, Amqp10.SASL)
                || (terms.logins().anonymousUser().isPresent()
                        && Amqp10.isProtocolHeader(octets, at, Amqp10.AMQP));
    }

    @Override
    public ChannelHandler take(Channel socket, ShardConnections neighbours, ByteBuffer header) {
        return Amqp10Connection.on(
                socket, terms, neighbours, Amqp10.isProtocolHeader(header, 0, Amqp10.SASL));
    }
}
