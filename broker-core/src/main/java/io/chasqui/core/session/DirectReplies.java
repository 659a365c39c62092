package io.chasqui.core.session;

import io.chasqui.core.definition.Resource;
import io.chasqui.core.queue.ConsumerTerms;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.vhost.ReplyQueues;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Direct reply-to of one channel, RabbitMQ's short cut for remote calls: the caller consumes from a
 * pseudo-queue, its requests carry an address that nobody can guess, and what is published to that
 * address through the default exchange comes straight to the caller. Nothing is declared.
 *
 * <p>Behind an address is a queue that is part of no definitions, see {@link ReplyQueues}. It goes
 * when its consumer is cancelled, hence with the channel.
 */
public final class DirectReplies {

    /** What a caller consumes from and puts into reply-to. */
    public static final String PSEUDO_QUEUE = ReplyQueues.PSEUDO_QUEUE;

    private final Session session;
    private @Nullable Queue queue;

    DirectReplies(Session session) {
        this.session = session;
    }

    /**
     * @throws Refusal.PreconditionFailed if replies were to be acknowledged, or are consumed already
     */
    public void checkMayConsume(boolean autoAck) {
        if (!autoAck) {
            throw new Refusal.PreconditionFailed("reply consumer cannot acknowledge");
        }
        if (current() != null) {
            throw new Refusal.PreconditionFailed("reply consumer already set");
        }
    }

    /** Begins to consume replies, under a new address; see {@link #checkMayConsume}. */
    public void consume(
            String tag, Prefetch prefetch, DeliverySink sink, Reply<Subscription> reply) {
        consume(_ -> {}, ConsumerTerms.plain(tag, true), prefetch, sink, reply);
    }

    /**
     * As {@link #consume}, where replies wait for {@link Subscription#grant}; the address is the name
     * of the subscription's queue.
     *
     * @throws Refusal.AccessRefused if the user may not read from the address
     */
    public void consumeOnCredit(
            String tag, Prefetch prefetch, DeliverySink sink, Reply<Subscription> reply) {
        String vhost = session.vhost().name();
        consume(
                address -> session.access().checkRead(Resource.queue(address, vhost)),
                ConsumerTerms.onCredit(tag, true),
                prefetch,
                sink,
                reply);
    }

    private void consume(
            Consumer<String> check,
            ConsumerTerms terms,
            Prefetch prefetch,
            DeliverySink sink,
            Reply<Subscription> reply) {
        Queue opened = session.vhost().openReplyQueue(check);
        queue = opened;
        session.subscriptions().beginReplies(opened, terms, prefetch, sink, reply);
    }

    /**
     * Where replies to this channel go, as a routing key of the default exchange.
     *
     * @throws Refusal.PreconditionFailed if it does not consume replies
     */
    public String address() {
        Queue open = current();
        if (open == null) {
            throw new Refusal.PreconditionFailed("fast reply consumer does not exist");
        }
        return open.name();
    }

    private @Nullable Queue current() {
        Queue known = queue;
        return known == null || known.isDeleted() ? null : known;
    }
}
