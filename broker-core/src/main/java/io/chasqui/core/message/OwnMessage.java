package io.chasqui.core.message;

import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message that the broker itself has to say, about what goes on in it.
 *
 * @param headers in types that {@link io.chasqui.core.definition.Arguments} lists
 * @param persistent whether it says so of itself
 * @param timestampS seconds since 1970, or {@link #NO_TIMESTAMP}
 * @param body its octets from position to limit
 */
public record OwnMessage(
        String exchange,
        String routingKey,
        Map<String, @Nullable Object> headers,
        boolean persistent,
        long timestampS,
        ByteBuffer body) {

    public static final long NO_TIMESTAMP = -1;
}
