package io.chasqui.protocol.amqp091;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Copies checked content headers with a change in them, octet by octet but for what changes. */
public final class ContentHeaderCopy {

    private ContentHeaderCopy() {}

    /**
     * Copies a content header to the position of {@code out}, which must have room for as much and
     * for the new reply-to. Creates no object unless a field is dropped.
     *
     * @param size octets of the header at {@code at}
     * @param droppedField name of the fields to leave out of the header table, which must be there;
     *     null for none
     * @param replyTo the value to put in place of the reply-to, which must be there, as a short
     *     string with its size octet; null to leave it
     */
    public static void write(
            ByteBuffer in,
            int at,
            int size,
            byte @Nullable [] droppedField,
            byte @Nullable [] replyTo,
            ByteBuffer out) {
        int next = at;
        if (droppedField != null) {
            next = writeWithoutField(in, at, droppedField, out);
        }
        if (replyTo != null) {
            int replaced = ContentHeader.propertyAt(in, at, BasicProperty.REPLY_TO);
            FrameWriter.copy(out, in, next, replaced - next);
            out.put(replyTo);
            next = replaced + 1 + (in.get(replaced) & 0xFF);
        }
        FrameWriter.copy(out, in, next, at + size - next);
    }

    /** Copies up to the end of the header table and returns where that is. */
    private static int writeWithoutField(ByteBuffer in, int at, byte[] dropped, ByteBuffer out) {
        int from = ContentHeader.headersAt(in, at);
        int to = from + ContentHeader.headersSize(in, at);
        FrameWriter.copy(out, in, at, from - at);
        int start = out.position();
        FieldTableCursor fields = new FieldTableCursor(in, from, to);
        while (fields.next()) {
            if (!fields.isNamed(dropped)) {
                FrameWriter.copy(out, in, fields.fieldAt(), fields.end() - fields.fieldAt());
            }
        }
        out.putInt(start - 4, out.position() - start);
        return to;
    }
}
