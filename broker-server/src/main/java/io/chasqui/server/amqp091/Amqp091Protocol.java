package io.chasqui.server.amqp091;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.event.EventExchange;
import io.chasqui.core.message.MessageFormat;
import io.chasqui.core.session.Session;
import io.chasqui.core.session.SessionClient;
import io.chasqui.core.shard.Shard;
import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.server.net.ConnectionLimit;
import io.chasqui.server.net.Logins;
import io.chasqui.server.net.Protocol;
import io.chasqui.server.net.PublishGate;
import io.chasqui.server.net.ReadGate;
import io.chasqui.server.net.ServerIdentity;
import io.chasqui.server.net.ShardConnections;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** AMQP 0-9-1 as a protocol that ports may speak: what all its connections have in common. */
public final class Amqp091Protocol implements Protocol {

    private final Broker broker;
    private final Handshake handshake;
    private volatile Tuning offer;
    private final MessageLimits limits;
    private final long handshakeTimeoutNs;
    private final int initialFrameMax;
    private final ConnectionLimit connections;
    private final RandomGenerator random;

    /**
     * @param offer the limits offered to clients
     * @param maxMessageBytes largest body of a message
     * @param handshakeTimeoutMs from the protocol header to connection.open
     * @param initialFrameMax largest frame before a client has logged in and agreed on another
     * @param connections how many may be open at once
     * @param random for consumer tags; used by all event loops at once
     */
    public Amqp091Protocol(
            Broker broker,
            Logins logins,
            ServerIdentity identity,
            Tuning offer,
            long maxMessageBytes,
            int handshakeTimeoutMs,
            int initialFrameMax,
            ConnectionLimit connections,
            RandomGenerator random) {
        this.broker = broker;
        this.handshake = new Handshake(identity, logins);
        this.offer = offer;
        this.limits = new MessageLimits(maxMessageBytes, broker.store().maxContentBytes());
        this.handshakeTimeoutNs = TimeUnit.MILLISECONDS.toNanos(handshakeTimeoutMs);
        this.initialFrameMax = initialFrameMax;
        this.connections = connections;
        this.random = random;
        broker.events().speak(Amqp091Format.INSTANCE);
    }

    EventExchange events() {
        return broker.events();
    }

    /** How messages of this protocol lie in the store. */
    public static MessageFormat format() {
        return Amqp091Format.INSTANCE;
    }

    @Override
    public byte[] header() {
        return Amqp091.protocolHeader();
    }

    /** Any other revision of 0-9. */
    @Override
    public boolean isMeant(ByteBuffer octets, int at) {
        int same = 7;
        return octets.slice(at, same).equals(ByteBuffer.wrap(header(), 0, same));
    }

    @Override
    public boolean isHeader(ByteBuffer octets, int at) {
        return Amqp091.isProtocolHeader(octets, at);
    }

    @Override
    public ChannelHandler take(Channel socket, ShardConnections neighbours, ByteBuffer header) {
        return Connection.on(socket, this, neighbours);
    }

    Handshake handshake() {
        return handshake;
    }

    Tuning offer() {
        return offer;
    }

    /** The highest channel number offered to clients. */
    public int channelMax() {
        return offer.channelMax();
    }

    /** Offers another one to clients that connect from now on. */
    public void channelMax(int number) {
        offer = new Tuning(number, offer.frameMax(), offer.heartbeatSeconds());
    }

    int initialFrameMax() {
        return initialFrameMax;
    }

    ConnectionLimit connections() {
        return connections;
    }

    long handshakeTimeoutNs() {
        return handshakeTimeoutNs;
    }

    PublishGate newPublishGate(PublishGate.Client client, ReadGate gate, Shard shard) {
        return new PublishGate(client, gate, shard, broker.alarms(), broker.store());
    }

    Session openSession(String user, String vhost, Shard shard, SessionClient client) {
        return broker.openSession(user, vhost, shard, client);
    }

    OpenConnection newWork(Link link, Session session, int channelMax, InPlaceContent inPlace) {
        return new OpenConnection(
                link, session, channelMax, broker.store(), random, inPlace, limits);
    }
}
