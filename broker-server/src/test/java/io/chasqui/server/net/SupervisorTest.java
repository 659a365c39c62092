package io.chasqui.server.net;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.chasqui.server.testing.ChildBroker;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a supervisor is told, with a socket in its place (sd_notify(3)). */
class SupervisorTest {

    private final List<String> told = new CopyOnWriteArrayList<>();
    @TempDir private Path directory;
    private EventLoopGroup loop;

    @BeforeEach
    void listen() {
        assumeTrue(Epoll.isAvailable());
        loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        new Bootstrap()
                .group(loop)
                .channel(EpollDomainDatagramChannel.class)
                .handler(
                        new SimpleChannelInboundHandler<DomainDatagramPacket>() {
                            @Override
                            protected void channelRead0(
                                    ChannelHandlerContext context, DomainDatagramPacket packet) {
                                told.addAll(packet.content().toString(UTF_8).lines().toList());
                            }
                        })
                .bind(new DomainSocketAddress(socket()))
                .syncUninterruptibly();
    }

    @AfterEach
    void close() {
        if (loop != null) {
            loop.shutdownGracefully().syncUninterruptibly();
        }
    }

    private String socket() {
        return directory.resolve("notify").toString();
    }

    @Test
    void a_supervisor_hears_of_readiness_and_of_the_stop() throws Exception {
        try (ChildBroker broker =
                ChildBroker.launch(Map.of("NOTIFY_SOCKET", socket()), directory.resolve("data"))) {
            eventually(() -> assertThat(told).contains("READY=1"));
            assertThat(told.indexOf("EXTEND_TIMEOUT_USEC=30000000"))
                    .as("more time is asked for while it recovers")
                    .isBetween(0, told.indexOf("READY=1"));
            broker.awaitReady().terminate();
            assertThat(broker.awaitEnd()).isZero();
            eventually(() -> assertThat(told).contains("STOPPING=1"));
        }
    }

    @Test
    void one_that_is_not_there_keeps_no_broker_from_starting() throws Exception {
        String gone = directory.resolve("gone").toString();
        try (ChildBroker broker =
                ChildBroker.launch(Map.of("NOTIFY_SOCKET", gone), directory.resolve("data"))) {
            broker.awaitReady();
            assertThat(broker.output()).anyMatch(line -> line.contains("no supervisor at"));
        }
    }
}
