package io.chasqui.server.net;

import io.chasqui.core.Alarms;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The ports a broker listens on, and the connections that came in through them. */
public final class Listeners {

    private static final int BACKLOG = 4096;
    private static final int LOW_WATER_BYTES = 256 * 1024;
    private static final int HIGH_WATER_BYTES = 1024 * 1024;

    /** Reads of one connection in a row before the others of its loop get their turn. */
    private static final int READS_IN_A_ROW = 4;

    private final EventLoops loops;
    private final List<ShardConnections> shards;
    private final List<Protocol> protocols;
    private final long handshakeTimeoutNs;
    private final ServerBootstrap bootstrap;
    private final List<Channel> listening = new ArrayList<>();
    private final Alarms.Listener alarmListener;
    private final Alarms alarms;

    /**
     * @param shards one for each event loop, in their order
     * @param protocols what the ports speak; who wants something else is told of the last one
     * @param handshakeTimeoutMs how long a client may take to say which protocol it speaks
     */
    public Listeners(
            EventLoops loops,
            List<ShardConnections> shards,
            List<Protocol> protocols,
            int handshakeTimeoutMs,
            Alarms alarms) {
        this.loops = loops;
        this.shards = List.copyOf(shards);
        this.alarms = alarms;
        this.alarmListener = blocked -> this.shards.forEach(shard -> shard.alarmsChanged(blocked));
        this.protocols = List.copyOf(protocols);
        this.handshakeTimeoutNs = TimeUnit.MILLISECONDS.toNanos(handshakeTimeoutMs);
        this.bootstrap = bootstrap(loops);
        shards.forEach(ShardConnections::start);
        alarms.addListener(alarmListener);
    }

    private static ServerBootstrap bootstrap(EventLoops loops) {
        AdaptiveRecvByteBufAllocator receiveBuffers =
                new AdaptiveRecvByteBufAllocator(2048, 32_768, 262_144);
        receiveBuffers.maxMessagesPerRead(READS_IN_A_ROW);
        return new ServerBootstrap()
                .group(loops.group())
                .channel(loops.transport().serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, receiveBuffers)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(LOW_WATER_BYTES, HIGH_WATER_BYTES));
    }

    /** A connection's first handlers: encryption, if there is any, and which protocol it speaks. */
    private ChannelInitializer<Channel> greeting(Optional<Tls> tls) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                ShardConnections neighbours = shards.get(loops.indexOf(channel.eventLoop()));
                tls.ifPresent(encrypted ->
                        channel.pipeline()
                                .addLast(encrypted.newHandler(channel.alloc()))
                                .addLast(new TlsGate(neighbours)));
                channel.pipeline()
                        .addLast(
                                new ProtocolDetector(
                                        channel, neighbours, protocols, handshakeTimeoutNs));
            }
        };
    }

    /**
     * Listens on an address.
     *
     * @param tls with which connections are encrypted, if they are
     * @param portSetting the setting that names the port, for advice
     * @return the address bound, with the port the system chose if 0 was asked for
     * @throws IOException if that is not possible, saying why and what to do
     */
    public InetSocketAddress listen(
            InetSocketAddress address, Optional<Tls> tls, String portSetting) throws IOException {
        ChannelFuture bound =
                bootstrap.clone().childHandler(greeting(tls)).bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on "
                            + PeerLog.address(address)
                            + ": "
                            + advice(bound.cause(), portSetting),
                    bound.cause());
        }
        listening.add(bound.channel());
        return (InetSocketAddress) bound.channel().localAddress();
    }

    private static String advice(Throwable cause, String portSetting) {
        String why = String.valueOf(cause.getMessage());
        if (why.contains("in use")) {
            return "the port is in use, perhaps by another broker; stop that, or choose another"
                    + " port with "
                    + portSetting;
        }
        if (why.contains("ermission denied")) {
            return "permission denied; ports below 1024 are the system's, choose another with "
                    + portSetting;
        }
        return why;
    }

    /** How many connections there are. */
    public int connections() {
        return shards.stream().mapToInt(ShardConnections::size).sum();
    }

    /**
     * Stops accepting, and has every connection take in nothing more.
     *
     * @param patience how long to wait until what was taken in before is answered
     * @return whether all of it is
     */
    public boolean drain(Patience patience) {
        listening.forEach(channel -> channel.close().awaitUninterruptibly());
        return patience.await(allOf(ShardConnections::drain));
    }

    /**
     * Stops accepting and asks every connection to close.
     *
     * @param patience how long to wait until all have; whoever has not is cut off when the event
     *     loops stop
     */
    public void close(Patience patience) {
        alarms.removeListener(alarmListener);
        listening.forEach(channel -> channel.close().awaitUninterruptibly());
        patience.await(allOf(ShardConnections::shutDown));
    }

    private CompletableFuture<Void> allOf(
            Function<ShardConnections, CompletableFuture<Void>> work) {
        return CompletableFuture.allOf(
                shards.stream().map(work).toArray(CompletableFuture<?>[]::new));
    }
}
