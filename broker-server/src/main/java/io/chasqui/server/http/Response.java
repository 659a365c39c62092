package io.chasqui.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer.
 *
 * @param headers beside those about the body's length, which the server adds
 */
public record Response(int status, Map<String, String> headers, Body body) {

    private static final String JSON = "application/json";

    /** What is sent behind the headers. */
    public sealed interface Body {

        /** Known as a whole. */
        record Whole(byte[] octets) implements Body {}

        /** Written piece by piece while it is sent, never held as a whole. */
        record Streamed(Writer writer) implements Body {}
    }

    /** Writes a streamed body. Runs where the handler ran; waits while the client is slow. */
    @FunctionalInterface
    public interface Writer {
        void writeTo(OutputStream out) throws IOException;
    }

    /** A status and nothing more. */
    public static Response empty(int status) {
        return new Response(status, Map.of(), new Body.Whole(new byte[0]));
    }

    /** A text of some media type, in UTF-8. */
    public static Response text(int status, String contentType, byte[] octets) {
        return new Response(status, contentType(contentType), new Body.Whole(octets));
    }

    /** A value as JSON: a map, a list, a text, a number, a flag or null. */
    public static Response json(int status, @Nullable Object value) {
        return text(status, JSON, Json.write(value));
    }

    /** A body too large, or too slow to make, to be held as a whole. */
    public static Response streamed(int status, String contentType, Writer writer) {
        return new Response(status, contentType(contentType), new Body.Streamed(writer));
    }

    /** A refusal in RabbitMQ's shape. */
    public static Response refusal(int status, String error, Object reason) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("error", error);
        object.put("reason", reason);
        return json(status, object);
    }

    /** A refusal that says no more than its status does. */
    static Response refusal(HttpResponseStatus status) {
        return refusal(status.code(), status.reasonPhrase(), status.reasonPhrase());
    }

    /** This answer with one more header. */
    public Response with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Response(status, Map.copyOf(more), body);
    }

    private static Map<String, String> contentType(String type) {
        return Map.of(HttpHeaderNames.CONTENT_TYPE.toString(), type);
    }
}
