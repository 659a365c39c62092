package io.chasqui.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Speaks HTTP/1.1 on connections that somebody else accepts, on TCP or a unix domain socket alike,
 * and has their requests answered by the handlers of a router.
 */
public final class HttpServer implements AutoCloseable {

    private final Supplier<Router> router;
    private final HttpLimits limits;
    private final ExecutorService threads;
    private final AtomicInteger connections = new AtomicInteger();

    /** @param router asked for with every request; none it gives must change any more */
    public HttpServer(Supplier<Router> router, HttpLimits limits) {
        this.router = router;
        this.limits = limits;
        this.threads =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("chasqui-http-", 0).factory());
    }

    /**
     * Takes a connection over.
     *
     * @param peer who that is, for the log
     */
    public void accept(Channel channel, String peer) {
        if (connections.incrementAndGet() > limits.maxConnections()) {
            connections.decrementAndGet();
            channel.close();
            return;
        }
        channel.closeFuture().addListener(_ -> connections.decrementAndGet());
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast(
                new HttpServerCodec(
                        new HttpDecoderConfig()
                                .setMaxInitialLineLength(limits.maxLineBytes())
                                .setMaxHeaderSize(limits.maxHeaderBytes())));
        pipeline.addLast(new WholeRequests(limits));
        pipeline.addLast(new HttpConnection(router, limits, threads, peer));
    }

    /** Ends the requests that are being answered. */
    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }

    /** Gathers requests; one that is too large is told so in our words. */
    private static final class WholeRequests extends HttpObjectAggregator {

        private final HttpLimits limits;

        WholeRequests(HttpLimits limits) {
            super(limits.maxBodyBytes());
            this.limits = limits;
        }

        @Override
        protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage large) {
            new Answer(context.channel(), (HttpRequest) large, limits.writeTimeoutMs())
                    .sendAndClose(Response.refusal(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE));
        }
    }
}
