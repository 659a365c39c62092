package io.chasqui.core.session;

import io.chasqui.core.queue.QueueConsumer;
import io.chasqui.core.queue.SharedLimit;
import io.chasqui.core.shard.Shard;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How many messages the consumers of one channel may have out unsettled: each of them, and all
 * together (0-9-1 basic.qos). Both bounds hold at once; both reach the consumers that are there and
 * those to come. Lives on the session's shard.
 */
public final class Prefetch {

    private final Shard shard;
    private final Set<Subscription> subscriptions =
            Collections.newSetFromMap(new IdentityHashMap<>());
    private int each;
    private @Nullable SharedLimit shared;

    Prefetch(Shard shard) {
        this.shard = shard;
    }

    /** The bound on each consumer, 0 for none. */
    public int each() {
        return each;
    }

    /** The bound on all together, 0 for none. */
    public int together() {
        SharedLimit limit = shared;
        return limit == null ? 0 : limit.most();
    }

    @Nullable SharedLimit shared() {
        return shared;
    }

    void begun(Subscription subscription) {
        subscriptions.add(subscription);
    }

    void ended(Subscription subscription) {
        subscriptions.remove(subscription);
    }

    /**
     * Bounds every consumer for itself.
     *
     * @param messages 0 is no bound
     * @param done run when the bound holds for all consumers
     */
    public void each(int messages, Runnable done) {
        each = messages;
        tell(subscriptions, consumer -> consumer.prefetch(messages), done);
    }

    /**
     * Bounds all consumers together.
     *
     * @param messages 0 is no bound
     * @param unsettled what is out by now, of ended consumers too: it counts
     * @param done run when the bound holds for all consumers
     */
    public void all(int messages, UnackedLedger unsettled, Runnable done) {
        SharedLimit known = shared;
        if (known != null) {
            known.set(messages);
            done.run();
        } else if (messages == 0) {
            done.run();
        } else {
            SharedLimit limit = new SharedLimit();
            limit.set(messages);
            shared = limit;
            Set<Subscription> counted = unsettled.owners();
            counted.addAll(subscriptions);
            tell(counted, consumer -> consumer.share(limit), done);
        }
    }

    private void tell(Set<Subscription> some, Consumer<QueueConsumer> news, Runnable done) {
        Countdown left = new Countdown(some.size(), done);
        for (Subscription subscription : some) {
            QueueConsumer consumer = subscription.consumer();
            Shard home = consumer.queue().shard();
            shard.run(
                    home,
                    () -> {
                        news.accept(consumer);
                        home.run(shard, left::down);
                    });
        }
    }

    /** Runs a task after so many others; on one shard. */
    private static final class Countdown {
        private final Runnable done;
        private int left;

        Countdown(int count, Runnable done) {
            this.done = done;
            this.left = count;
            if (count == 0) {
                done.run();
            }
        }

        void down() {
            if (--left == 0) {
                done.run();
            }
        }
    }
}
