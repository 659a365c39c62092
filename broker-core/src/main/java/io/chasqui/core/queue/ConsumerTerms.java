package io.chasqui.core.queue;

/**
 * What a consumer asked for.
 *
 * @param tag its name, as its client calls it
 * @param autoAck whether a message counts as acknowledged once it is written
 * @param exclusive whether it insists on being the queue's only consumer
 * @param priority consumers of a higher one are served first while they can take messages
 * @param timeoutMs longest time that it may keep a message, or {@link Queue#NO_TIMEOUT} for what the
 *     queue says
 * @param onCredit whether it is given only what its client allows beforehand
 * @param interest which messages it is after
 */
public record ConsumerTerms(
        String tag,
        boolean autoAck,
        boolean exclusive,
        long priority,
        long timeoutMs,
        boolean onCredit,
        Interest interest) {

    /** Without anything particular. */
    public static ConsumerTerms plain(String tag, boolean autoAck) {
        return new ConsumerTerms(tag, autoAck, false, 0, Queue.NO_TIMEOUT, false, Interest.ALL);
    }

    /** Without anything particular, but that it is given only what its client allows. */
    public static ConsumerTerms onCredit(String tag, boolean autoAck) {
        return new ConsumerTerms(tag, autoAck, false, 0, Queue.NO_TIMEOUT, true, Interest.ALL);
    }
}
