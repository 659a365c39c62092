package io.chasqui.core.queue;

import java.util.Optional;

/** What a full queue does with one message more (x-overflow). */
public enum Overflow {
    /** The oldest ready messages make room. */
    DROP_HEAD("drop-head"),
    /** The new message is refused, and a publisher who wants confirms hears so. */
    REJECT_PUBLISH("reject-publish"),
    /** The same, and the refused message is dead-lettered. */
    REJECT_PUBLISH_DLX("reject-publish-dlx");

    private final String wireName;

    Overflow(String wireName) {
        this.wireName = wireName;
    }

    static Optional<Overflow> named(String wireName) {
        for (Overflow overflow : values()) {
            if (overflow.wireName.equals(wireName)) {
                return Optional.of(overflow);
            }
        }
        return Optional.empty();
    }
}
