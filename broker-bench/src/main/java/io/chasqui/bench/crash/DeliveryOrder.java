package io.chasqui.bench.crash;

import java.util.HashMap;
import java.util.Map;

/**
 * Whether one consumer gets each publisher's messages in the order they were published in.
 *
 * <p>Two things are promised. Within a life nobody requeues anything, and a queue comes back from a
 * crash in its old order; so all that one consumer gets in a life is in order, first deliveries and
 * repeated ones alike. And what a consumer that has its queue for itself sees for the first time is
 * in order over all lives: a message cannot be first seen behind a later one, which would have been
 * sent behind it. Where consumers share a queue that is no violation: the earlier message may have
 * been on its way to the other one when the broker died.
 *
 * <p>A publisher never publishes a message again under its old number, so in the queue the numbers
 * of a publisher only rise, with gaps where it died unconfirmed.
 */
final class DeliveryOrder {

    private final boolean alone;
    private final Map<Integer, Integer> lastOfLife = new HashMap<>();
    private final Map<Integer, Integer> lastFirstSeen = new HashMap<>();
    private int life;

    DeliveryOrder(boolean alone) {
        this.alone = alone;
    }

    /** Takes a delivery; returns whether it is in order. */
    boolean take(int life, MessageId id, boolean firstSeen) {
        if (life != this.life) {
            this.life = life;
            lastOfLife.clear();
        }
        boolean inOrder = rises(lastOfLife, id);
        if (alone && firstSeen) {
            inOrder &= rises(lastFirstSeen, id);
        }
        return inOrder;
    }

    private static boolean rises(Map<Integer, Integer> last, MessageId id) {
        Integer before = last.put(id.publisher(), id.sequence());
        return before == null || before < id.sequence();
    }
}
