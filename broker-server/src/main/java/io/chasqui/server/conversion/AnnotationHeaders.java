package io.chasqui.server.conversion;

import io.chasqui.protocol.amqp10.Values;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** Annotations of 1.0 as headers of 0-9-1. */
public final class AnnotationHeaders {

    private AnnotationHeaders() {}

    /** The entries of the map at the beginning; nulls, and names too long for a field, are left out. */
    public static Map<String, Object> of(ByteBuffer map) {
        Map<String, Object> headers = new LinkedHashMap<>();
        int next = Values.elementsAt(map, 0);
        for (int n = Values.count(map, 0); n > 1; n -= 2) {
            int at = Values.end(map, next, map.capacity());
            String name = Values.text(map, next);
            Object value = ValuesToAmqp091.INSTANCE.read(map, at);
            if (value != null && ValuesToAmqp091.isName(name)) {
                headers.put(name, value);
            }
            next = Values.end(map, at, map.capacity());
        }
        return headers;
    }
}
