package io.chasqui.server.amqp10;

import io.chasqui.protocol.amqp10.MalformedException;
import io.chasqui.protocol.amqp10.MessageSections;
import io.chasqui.protocol.amqp10.TypeCode;
import io.chasqui.protocol.amqp10.Values;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to the management node, HTTP over AMQP as RabbitMQ's clients of 1.0 speak it.
 *
 * @param id the message-id as encoded, to be repeated in the answer; empty if there is none
 * @param method {@code GET}, {@code PUT}, {@code POST} or {@code DELETE}
 * @param path its parts, percent-decoded
 * @param last the last part of the path as it came
 * @param query the parameters behind the question mark, percent-decoded
 * @param body a map, a list, a binary or null, in plain values
 */
record ManagementRequest(
        byte[] id,
        String method,
        List<String> path,
        String last,
        Map<String, String> query,
        @Nullable Object body) {

    private static final int MESSAGE_ID = 0;
    private static final int TO = 2;
    private static final int SUBJECT = 3;

    /**
     * Reads the message from {@code at} to {@code end}.
     *
     * @throws MalformedException if it is no request
     */
    static ManagementRequest read(ByteBuffer in, int at, int end) {
        for (int next = at; next < end; ) {
            if (in.get(next) != TypeCode.DESCRIBED) {
                throw new MalformedException("a message is made of sections");
            }
            next = Values.check(in, next, end);
        }
        // Wherever it stands: RabbitMQ's Python client sends an empty body before the properties.
        int properties = MessageSections.find(in, at, end, MessageSections.PROPERTIES);
        if (properties < 0) {
            throw new MalformedException("a request needs properties");
        }
        int id = Values.element(in, properties, MESSAGE_ID);
        String to = text(in, Values.element(in, properties, TO), "to");
        int question = to.indexOf('?');
        String path = question < 0 ? to : to.substring(0, question);
        int body = MessageSections.find(in, at, end, MessageSections.VALUE);
        return new ManagementRequest(
                id < 0 ? new byte[0] : octets(in, id),
                text(in, Values.element(in, properties, SUBJECT), "subject"),
                parts(path),
                path.substring(path.lastIndexOf('/') + 1),
                question < 0 ? Map.of() : pairs(to.substring(question + 1), "&"),
                body < 0 ? null : PlainValues.INSTANCE.read(in, body));
    }

    private static byte[] octets(ByteBuffer in, int at) {
        byte[] octets = new byte[Values.end(in, at, in.capacity()) - at];
        in.get(at, octets);
        return octets;
    }

    private static String text(ByteBuffer in, int at, String what) {
        if (at < 0 || !Values.isText(in, at)) {
            throw new MalformedException("a request needs '" + what + "'");
        }
        return Values.text(in, at);
    }

    private static List<String> parts(String path) {
        return Arrays.stream(path.split("/", -1)).skip(1).map(ManagementRequest::decode).toList();
    }

    /** Names and values of {@code a=b&c=d}, each percent-decoded. */
    static Map<String, String> pairs(String text, String separator) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : text.split(separator, -1)) {
            int equal = pair.indexOf('=');
            if (equal > 0) {
                pairs.put(pair.substring(0, equal), decode(pair.substring(equal + 1)));
            }
        }
        return pairs;
    }

    private static String decode(String encoded) {
        try {
            return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw new MalformedException("'" + encoded + "' is not percent-encoded well");
        }
    }
}
