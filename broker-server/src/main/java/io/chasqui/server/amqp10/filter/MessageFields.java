package io.chasqui.server.amqp10.filter;

import org.jspecify.annotations.Nullable;

/**
 * What filters can ask of a message. Values are {@link Boolean}, {@link Long} for every integer and
 * timestamp, {@link Double}, {@link String} for text and symbols, {@link Octets} and {@link
 * java.util.UUID}; null for what is not there or has no place in a filter.
 */
public interface MessageFields {

    /** A field of the header or the properties. */
    @Nullable Object field(Field field);

    /** An application-property. */
    @Nullable Object applicationProperty(String name);

    /** What time it is, in milliseconds since the epoch. */
    long nowMs();
}
