package io.chasqui.server.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the answer to one request in the way that request can take it. */
final class Answer {

    private static final Logger LOG = LoggerFactory.getLogger(Answer.class);

    private final Channel channel;
    private final boolean head;
    private final boolean keepAlive;
    private final boolean mayChunk;
    private final boolean mayCompress;
    private final long timeoutMs;

    Answer(Channel channel, HttpRequest to, long timeoutMs) {
        this.channel = channel;
        this.head = to.method().equals(HttpMethod.HEAD);
        this.keepAlive = HttpUtil.isKeepAlive(to);
        this.mayChunk = to.protocolVersion().equals(HttpVersion.HTTP_1_1);
        this.mayCompress =
                to.headers()
                        .containsValue(
                                HttpHeaderNames.ACCEPT_ENCODING, HttpHeaderValues.GZIP, true);
        this.timeoutMs = timeoutMs;
    }

    /** For a request after which nothing can be read any more. On the event loop. */
    void sendAndClose(Response response) {
        write(response, false).addListener(ChannelFutureListener.CLOSE);
    }

    /**
     * Sends, and waits until the socket has taken it. Not for an event loop.
     *
     * @return whether the connection may go on
     */
    boolean send(Response response) {
        try {
            return switch (response.body()) {
                case Response.Body.Whole _ ->
                        write(response, keepAlive).await(timeoutMs)
                                && keepAlive
                                && channel.isActive();
                case Response.Body.Streamed(Response.Writer writer) -> stream(response, writer);
            };
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } catch (IOException e) {
            LOG.debug("answer not sent: {}", e.toString());
            return false;
        } catch (RuntimeException e) {
            LOG.error("an answer broke off", e);
            return false;
        }
    }

    private ChannelFuture write(Response response, boolean goesOn) {
        byte[] octets =
                switch (response.body()) {
                    case Response.Body.Whole(byte[] whole) -> whole;
                    case Response.Body.Streamed _ -> new byte[0];
                };
        DefaultFullHttpResponse message =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(response.status()),
                        head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(octets));
        addHeaders(message, response, goesOn);
        HttpUtil.setContentLength(message, octets.length);
        return channel.writeAndFlush(message);
    }

    private boolean stream(Response response, Response.Writer writer) throws IOException {
        HttpResponse message =
                new DefaultHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()));
        addHeaders(message, response, keepAlive && mayChunk);
        if (mayChunk) {
            HttpUtil.setTransferEncodingChunked(message, true);
        }
        if (mayCompress) {
            message.headers().set(HttpHeaderNames.CONTENT_ENCODING, HttpHeaderValues.GZIP);
        }
        channel.write(message);
        if (!head) {
            ResponseStream out = new ResponseStream(channel, timeoutMs);
            if (mayCompress) {
                try (GZIPOutputStream compressed = new GZIPOutputStream(out)) {
                    writer.writeTo(compressed);
                }
            } else {
                writer.writeTo(out);
            }
            out.finish();
        }
        channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
        return keepAlive && mayChunk && channel.isActive();
    }

    private void addHeaders(HttpMessage message, Response response, boolean goesOn) {
        response.headers().forEach((name, value) -> message.headers().set(name, value));
        message.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
        message.headers().set("x-content-type-options", "nosniff");
        HttpUtil.setKeepAlive(message, goesOn);
    }
}
