package io.chasqui.server.net;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the operating system tells of ready sockets. */
enum Transport {
    EPOLL(EpollServerSocketChannel.class),
    NIO(NioServerSocketChannel.class);

    private static final Logger LOG = LoggerFactory.getLogger(Transport.class);

    private final Class<? extends ServerChannel> serverChannel;

    Transport(Class<? extends ServerChannel> serverChannel) {
        this.serverChannel = serverChannel;
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
}
