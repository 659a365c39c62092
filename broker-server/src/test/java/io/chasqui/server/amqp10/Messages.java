package io.chasqui.server.amqp10;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.protocol.amqp10.MessageSections;
import io.chasqui.protocol.amqp10.ValueWriter;

/** Messages as they are sent. */
final class Messages {

    private Messages() {}

    /** One data section. */
    static byte[] data(String text) {
        return withData(new ValueWriter(), text);
    }

    /** A header that says durable, and one data section. */
    static byte[] durable(String text) {
        ValueWriter out = new ValueWriter().described(MessageSections.HEADER);
        int list = out.beginList();
        out.bool(true).end(list, 1);
        return withData(out, text);
    }

    /** Properties with nothing but {@code to}, and one data section. */
    static byte[] to(String address, String text) {
        ValueWriter out = new ValueWriter().described(MessageSections.PROPERTIES);
        int list = out.beginList();
        out.putNull().putNull().string(address).end(list, 3);
        return withData(out, text);
    }

    private static byte[] withData(ValueWriter out, String text) {
        return out.described(MessageSections.DATA).binary(text.getBytes(UTF_8)).toArray();
    }
}
