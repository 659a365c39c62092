package io.chasqui.server.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;

/**
 * Ports for asking and answering: metrics, health, administration. They have one event loop of their
 * own, so that a slow scrape never holds up a message, and the other way round.
 */
public final class ServicePorts implements AutoCloseable {

    private static final int BACKLOG = 128;

    /** Bounds what one read brings, and so how many requests may wait behind the first. */
    private static final int RECEIVE_BYTES = 8192;

    private final Transport transport;
    private final EventLoopGroup group;

    /** Takes connections over. */
    @FunctionalInterface
    public interface Service {

        /**
         * @param peer who connected, for the log
         */
        void accept(Channel channel, String peer);
    }

    /** @param transport {@code auto}, {@code epoll} or {@code nio} */
    public ServicePorts(String transport) {
        this.transport = Transport.choose(transport);
        this.group =
                new MultiThreadIoEventLoopGroup(
                        1,
                        new DefaultThreadFactory("chasqui-service"),
                        this.transport.ioHandlers());
    }

    /**
     * Listens on an address.
     *
     * @return the address bound, with the port the system chose if 0 was asked for
     * @throws IOException if that is not possible, saying why
     */
    public InetSocketAddress listen(InetSocketAddress address, Service service) throws IOException {
        ServerBootstrap bootstrap =
                bootstrap(transport.serverChannel(), service)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true);
        return (InetSocketAddress) bind(bootstrap, address).localAddress();
    }

    /**
     * Listens on a unix domain socket, which only the broker's own user may open. A socket that
     * another broker left there is replaced.
     *
     * @throws IOException if that is not possible, saying why
     */
    public void listen(Path socket, Service service) throws IOException {
        Files.deleteIfExists(socket);
        bind(bootstrap(transport.serverDomainChannel(), service), transport.domainAddress(socket));
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    }

    private ServerBootstrap bootstrap(Class<? extends ServerChannel> type, Service service) {
        return new ServerBootstrap()
                .group(group)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(RECEIVE_BYTES).maxMessagesPerRead(1))
                .childHandler(
                        new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                service.accept(channel, PeerLog.address(channel.remoteAddress()));
                            }
                        });
    }

    private static Channel bind(ServerBootstrap bootstrap, SocketAddress address)
            throws IOException {
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + address + ": " + bound.cause().getMessage(),
                    bound.cause());
        }
        return bound.channel();
    }

    /** Stops listening and closes every connection. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
