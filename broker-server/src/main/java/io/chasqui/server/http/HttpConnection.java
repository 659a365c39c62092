package io.chasqui.server.http;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: takes a request, has it answered on a thread of its own, and only then reads the next.
 * Lives on its event loop.
 */
final class HttpConnection extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

    private final Supplier<Router> router;
    private final HttpLimits limits;
    private final Executor threads;
    private final String peer;
    private final ArrayDeque<Received> waiting = new ArrayDeque<>();
    private boolean answering;
    private @Nullable Future<?> deadline;

    /** A request, taken out of the buffers it came in. */
    private record Received(
            String method,
            String uri,
            HttpHeaders headers,
            byte[] body,
            SocketAddress peer,
            @Nullable Throwable malformed,
            Answer answer) {}

    HttpConnection(Supplier<Router> router, HttpLimits limits, Executor threads, String peer) {
        this.router = router;
        this.limits = limits;
        this.threads = threads;
        this.peer = peer;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        startDeadline(context);
    }

    private void startDeadline(ChannelHandlerContext context) {
        deadline =
                context.executor()
                        .schedule(
                                () -> context.close(),
                                limits.requestTimeoutMs(),
                                TimeUnit.MILLISECONDS);
    }

    private void stopDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stopDeadline();
        waiting.clear();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        // What one read brought may be several requests; nothing more is read until they are done.
        context.channel().config().setAutoRead(false);
        stopDeadline();
        waiting.add(
                new Received(
                        request.method().name(),
                        request.uri(),
                        request.headers(),
                        ByteBufUtil.getBytes(request.content()),
                        context.channel().remoteAddress(),
                        request.decoderResult().cause(),
                        new Answer(context.channel(), request, limits.writeTimeoutMs())));
        if (!answering) {
            answerNext(context);
        }
    }

    private void answerNext(ChannelHandlerContext context) {
        Received next = waiting.poll();
        answering = next != null;
        if (next == null) {
            startDeadline(context);
            context.channel().config().setAutoRead(true);
        } else if (next.malformed != null) {
            next.answer.sendAndClose(Response.refusal(statusOf(next.malformed)));
        } else {
            threads.execute(() -> {
                if (next.answer.send(respond(next))) {
                    context.executor().execute(() -> answerNext(context));
                } else {
                    context.close();
                }
            });
        }
    }

    private Response respond(Received received) {
        String uri = received.uri;
        int query = uri.indexOf('?');
        String path = query < 0 ? uri : uri.substring(0, query);
        Router.Found found;
        Map<String, List<String>> fields;
        try {
            found = router.get().find(received.method, path);
            fields = new QueryStringDecoder(uri).parameters();
        } catch (IllegalArgumentException _) {
            return HttpRefusal.badRequest("the path or the query is not properly encoded")
                    .response();
        }
        return switch (found) {
            case Router.Found.Target(Handler handler, Map<String, String> parameters) ->
                    respond(
                            handler,
                            new Request(
                                    received.method,
                                    path,
                                    parameters,
                                    fields,
                                    received.headers,
                                    received.body,
                                    received.peer));
            case Router.Found.OtherMethods(String allow) ->
                    (received.method.equals("OPTIONS")
                                    ? Response.empty(HttpResponseStatus.OK.code())
                                    : Response.refusal(HttpResponseStatus.METHOD_NOT_ALLOWED))
                            .with(HttpHeaderNames.ALLOW.toString(), allow);
            case Router.Found.Nothing() -> HttpRefusal.notFound().response();
        };
    }

    private static Response respond(Handler handler, Request request) {
        try {
            return handler.handle(request);
        } catch (HttpRefusal refusal) {
            return refusal.response();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Response.refusal(HttpResponseStatus.SERVICE_UNAVAILABLE);
        } catch (Exception e) {
            LOG.error("{} {} could not be answered", request.method(), request.path(), e);
            return Response.refusal(HttpResponseStatus.INTERNAL_SERVER_ERROR);
        }
    }

    private static HttpResponseStatus statusOf(Throwable malformed) {
        return switch (malformed) {
            case TooLongHttpLineException _ -> HttpResponseStatus.REQUEST_URI_TOO_LONG;
            case TooLongHttpHeaderException _ -> HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
            default -> HttpResponseStatus.BAD_REQUEST;
        };
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException) && !(cause instanceof DecoderException)) {
            LOG.error("connection of {} closed", peer, cause);
        }
        context.close();
    }
}
