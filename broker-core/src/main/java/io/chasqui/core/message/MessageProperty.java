package io.chasqui.core.message;

import java.util.Optional;

/** The properties of a message, besides its headers, that an exchange may route by. */
public enum MessageProperty {
    CORRELATION_ID("correlation_id"),
    MESSAGE_ID("message_id"),
    TIMESTAMP("timestamp");

    private final String wireName;

    MessageProperty(String wireName) {
        this.wireName = wireName;
    }

    /** The one that RabbitMQ calls so in arguments of exchanges. */
    public static Optional<MessageProperty> named(String wireName) {
        for (MessageProperty property : values()) {
            if (property.wireName.equals(wireName)) {
                return Optional.of(property);
            }
        }
        return Optional.empty();
    }
}
