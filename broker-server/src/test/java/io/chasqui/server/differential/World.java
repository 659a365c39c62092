package io.chasqui.server.differential;

/**
 * What there is in a scenario, and what therefore is not, because brokers differ where both meet or
 * the other broker leaves it to chance. Where Chasqui differs on purpose, {@code
 * docs/compatibility.md} says so.
 *
 * @param priorities queues have priorities, then no message expires: RabbitMQ lets a message expire
 *     when it is the first of the whole queue, and looks when it is asked for one; Chasqui for each
 *     priority
 * @param quorum the first queue is of type quorum, then messages have no priority: such queues have
 *     levels of it always, and in RabbitMQ what comes back is not in its place,
 *     so that no two messages of it are kept at once; no message
 *     has a time of its own: RabbitMQ counts what has expired until it is the first; and no dead letter
 *     comes to that queue: RabbitMQ goes on counting the deliveries of the queue it comes from
 * @param plain dead letters of a queue go to the next queue; otherwise anywhere, and those that
 *     go by different ways meet as chance has it: no more than the order of each way is compared, and
 *     one queue alone has bounds, lest chance decide who is one too many, and one lets messages expire
 * @param bursts several messages are published at once; only where dead letters go plain ways
 * @param timed messages expire with time, then no queue has bounds: which of two messages comes
 *     first from queues that expire at once is chance, and decides who is one too many
 * @param prefetch how many messages a consumer may keep; 0 for any number
 */
record World(
        boolean priorities,
        boolean quorum,
        boolean plain,
        boolean bursts,
        boolean timed,
        Policies policies,
        int prefetch) {

    enum Policies {
        NONE,

        /**
         * There before the queues, and for good: RabbitMQ drops what is too much by a new bound
         * before it looks how the same policy wants it dropped, and gives messages that are there no
         * new time to live.
         */
        FIRM,

        /** They come and go. */
        CHANGING
    }

    static World of(Dice dice) {
        boolean timed = dice.chance(2);
        boolean quorum = !timed && dice.chance(6);
        boolean plain = quorum || (!timed && dice.chance(75));
        boolean policed = !timed && !quorum && dice.chance(35);
        return new World(
                !timed && !quorum && dice.chance(50),
                quorum,
                plain,
                plain && !policed && !quorum && dice.chance(50),
                timed,
                !policed ? Policies.NONE : dice.chance(35) ? Policies.FIRM : Policies.CHANGING,
                quorum ? 1 : dice.roll(4));
    }
}
