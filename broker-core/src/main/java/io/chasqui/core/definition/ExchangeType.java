package io.chasqui.core.definition;

import java.util.Optional;

/** How an exchange routes (0-9-1 §3.1.3): its four types, then RabbitMQ's. */
public enum ExchangeType {
    DIRECT("direct"),
    FANOUT("fanout"),
    TOPIC("topic"),
    HEADERS("headers"),
    CONSISTENT_HASH("x-consistent-hash"),
    MODULUS_HASH("x-modulus-hash"),
    RANDOM("x-random"),
    LOCAL_RANDOM("x-local-random");

    private final String wireName;

    ExchangeType(String wireName) {
        this.wireName = wireName;
    }

    /** The name in exchange.declare. */
    public String wireName() {
        return wireName;
    }

    public static Optional<ExchangeType> named(String wireName) {
        for (ExchangeType type : values()) {
            if (type.wireName.equals(wireName)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
