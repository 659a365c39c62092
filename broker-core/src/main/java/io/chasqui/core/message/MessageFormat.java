package io.chasqui.core.message;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How one protocol lays out the content of a message: the only place that may look inside the
 * otherwise opaque content image. One per protocol, told apart on disk by {@link #tag()}.
 *
 * <p>Implementations are stateless and read in place, from absolute indexes.
 */
public interface MessageFormat {

    /** The number stored with every message of this format; 1 is AMQP 0-9-1, 2 is AMQP 1.0. */
    int tag();

    /** The value of an application header, for exchanges that route on it; null if absent. */
    @Nullable Object header(ByteBuffer image, int at, int length, String name);

    /** Size of the body alone, in bytes. */
    long bodyBytes(ByteBuffer image, int at, int length);
}
