package io.chasqui.server.amqp10;

import io.chasqui.protocol.amqp10.ValueWriter;
import io.chasqui.protocol.amqp10.Values;
import java.nio.ByteBuffer;
import java.util.Set;

/** Takes annotations over as they are, but for those that the broker writes itself. */
final class AnnotationCopy {

    private AnnotationCopy() {}

    /**
     * Copies the entries of a map whose keys are not among {@code names}.
     *
     * @param map where it stands, -1 for none
     * @return how many elements were copied; keys and values count each
     */
    static int copyWithout(ValueWriter out, ByteBuffer in, int map, Set<String> names) {
        if (map < 0) {
            return 0;
        }
        int copied = 0;
        int next = Values.elementsAt(in, map);
        for (int n = Values.count(in, map); n > 1; n -= 2) {
            int value = Values.end(in, next, in.capacity());
            int end = Values.end(in, value, in.capacity());
            if (!Values.isText(in, next) || !names.contains(Values.text(in, next))) {
                out.copy(in, next, end - next);
                copied += 2;
            }
            next = end;
        }
        return copied;
    }
}
