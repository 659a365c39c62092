package io.chasqui.core.message;

import java.util.Optional;

/** Why a message left a queue without having been taken for good. */
public enum DeathReason {
    /** Outlived its time. */
    EXPIRED("expired"),
    /** Refused by a consumer that did not want it back in the queue. */
    REJECTED("rejected"),
    /** The queue was full. */
    MAXLEN("maxlen"),
    /** Given back more often than the queue allows. */
    DELIVERY_LIMIT("delivery_limit");

    private final String wireName;

    DeathReason(String wireName) {
        this.wireName = wireName;
    }

    /** As the header x-death has it. */
    public String wireName() {
        return wireName;
    }

    public static Optional<DeathReason> named(String wireName) {
        for (DeathReason reason : values()) {
            if (reason.wireName.equals(wireName)) {
                return Optional.of(reason);
            }
        }
        return Optional.empty();
    }
}
