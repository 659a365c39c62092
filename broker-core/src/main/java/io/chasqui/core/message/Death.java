package io.chasqui.core.message;

import java.util.List;

/**
 * A death of a message, as its dead letter will tell of it.
 *
 * @param queue where it died
 * @param exchange that it was last published to
 * @param routingKeys that it was last published with, without the blind ones
 * @param timeMs when it died, in milliseconds since the epoch
 * @param failures how often clients failed with it there
 */
public record Death(
        String queue,
        DeathReason reason,
        String exchange,
        List<String> routingKeys,
        long timeMs,
        int failures) {

    /** A queue that a message died in before, any number of times, for one reason. */
    public record Past(String queue, String reason) {}
}
