package io.chasqui.core.session;

import java.util.List;

/**
 * What there is to tell of a channel, of one moment.
 *
 * @param prefetch bound on the unsettled deliveries of each new consumer, 0 for none
 * @param sharedPrefetch bound on those of all consumers together, 0 for none
 * @param unconfirmed publishes that wait for their confirm
 */
public record ChannelReport(
        int number,
        boolean confirms,
        boolean transactional,
        int prefetch,
        int sharedPrefetch,
        int unacknowledged,
        int unconfirmed,
        int uncommittedMessages,
        int uncommittedAcknowledgements,
        List<ConsumerReport> consumers) {}
