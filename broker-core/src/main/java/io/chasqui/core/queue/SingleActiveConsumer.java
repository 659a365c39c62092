package io.chasqui.core.queue;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The consumers of a queue of which one at a time is served (x-single-active-consumer): the first one
 * to come. When it goes, the one of the highest priority follows it, and of several the first to have
 * come. What it left unsettled is not waited for.
 *
 * <p>In a quorum queue an active consumer also yields to a newcomer of a higher priority: it is given
 * nothing more, and once it has settled what it has, the other one is active.
 */
final class SingleActiveConsumer implements ConsumerLine {

    private final boolean yields;
    private final List<QueueConsumer> consumers = new ArrayList<>();
    private @Nullable QueueConsumer active;

    /** Who the active one yields to, if anybody. */
    private @Nullable QueueConsumer successor;

    /**
     * @param yields whether the active one makes way for a higher priority
     */
    SingleActiveConsumer(boolean yields) {
        this.yields = yields;
    }

    @Override
    public boolean isEmpty() {
        return consumers.isEmpty();
    }

    @Override
    public int size() {
        return consumers.size();
    }

    @Override
    public void add(QueueConsumer consumer) {
        consumers.add(consumer);
        consumer.activity(ConsumerActivity.WAITING);
        choose();
    }

    @Override
    public boolean remove(QueueConsumer consumer) {
        if (!consumers.remove(consumer)) {
            return false;
        }
        if (consumer == active) {
            active = null;
        }
        choose();
        return true;
    }

    private void choose() {
        QueueConsumer first = first();
        if (active == null) {
            activate(first);
        }
        boolean outranked =
                yields && first != null && active != null && first.priority() > active.priority();
        successor = outranked ? first : null;
    }

    private void activate(@Nullable QueueConsumer next) {
        active = next;
        if (next != null) {
            next.activity(ConsumerActivity.SINGLE_ACTIVE);
        }
    }

    private @Nullable QueueConsumer first() {
        QueueConsumer first = null;
        for (QueueConsumer consumer : consumers) {
            if (first == null || consumer.priority() > first.priority()) {
                first = consumer;
            }
        }
        return first;
    }

    @Override
    public boolean anyExclusive() {
        return false; // an exclusive consumer is refused here
    }

    @Override
    public @Nullable QueueConsumer nextReady() {
        QueueConsumer next = successor;
        QueueConsumer serving = active;
        if (next != null && serving != null) {
            if (serving.unsettled() > 0) {
                return null;
            }
            serving.activity(ConsumerActivity.WAITING);
            activate(next);
            successor = null;
            serving = next;
        }
        return serving != null && serving.mayTake() ? serving : null;
    }

    @Override
    public boolean isActive(QueueConsumer consumer) {
        return consumer == active;
    }

    @Override
    public List<QueueConsumer> all() {
        return List.copyOf(consumers);
    }

    @Override
    public List<QueueConsumer> clear() {
        List<QueueConsumer> all = all();
        consumers.clear();
        active = null;
        successor = null;
        return all;
    }
}
