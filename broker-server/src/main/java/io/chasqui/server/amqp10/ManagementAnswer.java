package io.chasqui.server.amqp10;

import io.chasqui.protocol.amqp10.MessageSections;
import io.chasqui.protocol.amqp10.ValueWriter;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the management node answers.
 *
 * @param status of HTTP
 * @param body a map, a list, text or null
 */
record ManagementAnswer(int status, @Nullable Object body) {

    static final int OK = 200;
    static final int CREATED = 201;
    static final int NO_CONTENT = 204;
    static final int BAD_REQUEST = 400;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int CONFLICT = 409;

    private static final int PROPERTIES = 6;

    /** Done, and nothing to tell. */
    static ManagementAnswer done() {
        return new ManagementAnswer(NO_CONTENT, null);
    }

    /** An unsigned number of 64 bits, where clients expect one. */
    record Unsigned(long value) {}

    /** An array of strings, where clients expect one. */
    record Strings(List<String> values) {}

    /**
     * Writes it as a message.
     *
     * @param id of the request, as encoded
     */
    void write(ValueWriter out, byte[] id) {
        out.clear().described(MessageSections.PROPERTIES);
        int list = out.beginList();
        out.putNull().putNull().string("$me").string(Integer.toString(status)).putNull();
        if (id.length == 0) {
            out.putNull();
        } else {
            out.copy(ByteBuffer.wrap(id), 0, id.length);
        }
        out.end(list, PROPERTIES);
        out.described(MessageSections.APPLICATION_PROPERTIES);
        int map = out.beginMap();
        out.string("http:response").string("1.1").end(map, 2);
        out.described(MessageSections.VALUE);
        value(out, body);
    }

    private static void value(ValueWriter out, @Nullable Object value) {
        switch (value) {
            case null -> out.putNull();
            case Boolean is -> out.bool(is);
            case Unsigned number -> out.ulong(number.value());
            case Strings strings -> {
                int begun = out.beginArrayOfStrings();
                strings.values().forEach(out::stringElement);
                out.end(begun, strings.values().size());
            }
            case Integer number -> out.uint(number);
            case Byte number -> out.slong(number);
            case Short number -> out.slong(number);
            case Long number -> out.slong(number);
            case Double number -> out.sdouble(number);
            case Float number -> out.sfloat(number);
            case Map<?, ?> map -> {
                int begun = out.beginMap();
                map.forEach((key, each) -> {
                    out.string(String.valueOf(key));
                    value(out, each);
                });
                out.end(begun, 2 * map.size());
            }
            case Collection<?> list -> {
                int begun = out.beginList();
                list.forEach(each -> value(out, each));
                out.end(begun, list.size());
            }
            default -> out.string(value.toString());
        }
    }
}
