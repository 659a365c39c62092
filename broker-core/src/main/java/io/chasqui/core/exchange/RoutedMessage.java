package io.chasqui.core.exchange;

import org.jspecify.annotations.Nullable;

/** What an exchange may look at in a message. */
public interface RoutedMessage {

    String routingKey();

    /** The value of a header in its plain Java form, or null if there is none. */
    @Nullable Object header(String name);
}
