package io.chasqui.server.net;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the operating system tells of ready sockets. */
enum Transport {
    EPOLL(EpollServerSocketChannel.class, EpollServerDomainSocketChannel.class),
    NIO(NioServerSocketChannel.class, NioServerDomainSocketChannel.class);

    private static final Logger LOG = LoggerFactory.getLogger(Transport.class);

    private final Class<? extends ServerChannel> serverChannel;
    private final Class<? extends ServerChannel> serverDomainChannel;

    Transport(
            Class<? extends ServerChannel> serverChannel,
            Class<? extends ServerChannel> serverDomainChannel) {
        this.serverChannel = serverChannel;
        this.serverDomainChannel = serverDomainChannel;
    }

    /**
     * The transport that is wanted, or NIO where the machine cannot do it.
     *
     * @param wanted how the configuration spells it: {@code auto}, {@code epoll} or {@code nio}
     */
    static Transport choose(String wanted) {
        return switch (wanted.toLowerCase(Locale.ROOT)) {
            case "nio" -> NIO;
            case "epoll", "auto" -> epollIfAvailable();
            default -> throw new IllegalArgumentException("unknown transport " + wanted);
        };
    }

    private static Transport epollIfAvailable() {
        if (Epoll.isAvailable()) {
            return EPOLL;
        }
        LOG.warn("epoll is not available, using nio: {}", Epoll.unavailabilityCause().toString());
        return NIO;
    }

    IoHandlerFactory ioHandlers() {
        return switch (this) {
            case EPOLL -> EpollIoHandler.newFactory();
            case NIO -> NioIoHandler.newFactory();
        };
    }

    Class<? extends ServerChannel> serverChannel() {
        return serverChannel;
    }

    /** Of a unix domain socket. */
    Class<? extends ServerChannel> serverDomainChannel() {
        return serverDomainChannel;
    }

    /** The address of a unix domain socket, as this transport names it. */
    SocketAddress domainAddress(Path socket) {
        return switch (this) {
            case EPOLL -> new DomainSocketAddress(socket.toString());
            case NIO -> UnixDomainSocketAddress.of(socket);
        };
    }
}
