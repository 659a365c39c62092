package io.chasqui.server.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The supervisor that started this process, such as systemd, told how far it is as sd_notify(3)
 * describes it, in datagrams to the socket that {@code NOTIFY_SOCKET} names. Any thread.
 */
public final class Supervisor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    /** How often a long recovery or stop asks for more time, and how much it asks for. */
    private static final int EXTEND_EVERY_SECONDS = 5;

    private static final int EXTEND_BY_SECONDS = 30;

    private final @Nullable EventLoopGroup thread;
    private final @Nullable Channel socket;
    private @Nullable Future<?> extending;

    private Supervisor(@Nullable EventLoopGroup thread, @Nullable Channel socket) {
        this.thread = thread;
        this.socket = socket;
    }

    /** The one that the environment names. One that cannot be reached is logged and left alone. */
    public static Supervisor of(Map<String, String> environment) {
        String path = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (path.isEmpty()) {
            return new Supervisor(null, null);
        }
        if (!Epoll.isAvailable()) {
            LOG.warn("the supervisor cannot be told anything: {}", reason());
            return new Supervisor(null, null);
        }
        EventLoopGroup thread =
                new MultiThreadIoEventLoopGroup(
                        1,
                        new DefaultThreadFactory("chasqui-service", true),
                        EpollIoHandler.newFactory());
        ChannelFuture connected =
                new Bootstrap()
                        .group(thread)
                        .channel(EpollDomainDatagramChannel.class)
                        .handler(new ChannelInboundHandlerAdapter())
                        .connect(address(path))
                        .awaitUninterruptibly();
        if (!connected.isSuccess()) {
            LOG.warn("no supervisor at {}: {}", path, connected.cause().toString());
            thread.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            return new Supervisor(null, null);
        }
        return new Supervisor(thread, connected.channel());
    }

    private static String reason() {
        return String.valueOf(Epoll.unavailabilityCause());
    }

    /** A leading {@code @} stands for the zero octet of an abstract socket. */
    private static DomainSocketAddress address(String path) {
        return new DomainSocketAddress(path.startsWith("@") ? '\0' + path.substring(1) : path);
    }

    /** The broker recovers, which takes what it takes. */
    public void starting() {
        tell("STATUS=recovering");
        extend();
    }

    /** The broker accepts connections. */
    public void ready() {
        endExtending();
        tell("READY=1\nSTATUS=serving");
    }

    /** The broker stops in good order. */
    public void stopping() {
        tell("STOPPING=1\nSTATUS=stopping");
        extend();
    }

    private synchronized void extend() {
        if (thread != null && extending == null) {
            extending =
                    thread.scheduleAtFixedRate(
                            () -> tell("EXTEND_TIMEOUT_USEC=" + EXTEND_BY_SECONDS * 1_000_000L),
                            0,
                            EXTEND_EVERY_SECONDS,
                            TimeUnit.SECONDS);
        }
    }

    private synchronized void endExtending() {
        if (extending != null) {
            extending.cancel(false);
            extending = null;
        }
    }

    private void tell(String state) {
        if (socket != null) {
            ChannelFuture told = socket.writeAndFlush(Unpooled.copiedBuffer(state, UTF_8));
            told.addListener(done -> {
                if (!done.isSuccess()) {
                    LOG.warn("the supervisor was not told: {}", done.cause().toString());
                }
            });
        }
    }

    @Override
    public void close() {
        endExtending();
        if (thread != null) {
            thread.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }
}
