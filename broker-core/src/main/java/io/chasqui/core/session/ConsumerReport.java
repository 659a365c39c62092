package io.chasqui.core.session;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.queue.ConsumerActivity;

/**
 * What there is to tell of a consumer, of one moment.
 *
 * @param acknowledges whether its deliveries must be acknowledged
 * @param prefetch bound on its unsettled deliveries, 0 for none
 */
public record ConsumerReport(
        String tag,
        String queue,
        boolean acknowledges,
        boolean exclusive,
        int prefetch,
        ConsumerActivity activity,
        Arguments arguments) {}
