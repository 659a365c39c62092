package io.chasqui.server.conversion;

import io.chasqui.protocol.amqp10.ValueWriter;

/**
 * How often a message was given out before.
 *
 * @param acquired in vain, where its queue counts that; else 0
 * @param failures of clients with it
 */
public record DeliveryCounts(int acquired, int failures) {

    /** A message that goes out for the first time. */
    public static final DeliveryCounts NONE = new DeliveryCounts(0, 0);

    /** The annotations of queues that count. */
    public static final String ACQUIRED = "x-acquired-count";

    public static final String FAILED = "x-delivery-count";

    /** Writes the annotations; returns how many elements, keys and values. */
    public int annotate(ValueWriter out) {
        if (acquired == 0) {
            return 0;
        }
        out.symbol(ACQUIRED).slong(acquired);
        if (failures == 0) {
            return 2;
        }
        out.symbol(FAILED).slong(failures);
        return 4;
    }
}
