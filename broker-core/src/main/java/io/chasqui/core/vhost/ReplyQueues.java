package io.chasqui.core.vhost;

import io.chasqui.core.definition.Resource;
import io.chasqui.core.exchange.Destination;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.refusal.Refusal;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The queues behind the addresses of direct reply-to in one virtual host. They are no definitions:
 * nobody declares, lists, binds or keeps them. The default exchange finds them by their names, and
 * each is gone with its only consumer. Safe for use by any thread.
 */
public final class ReplyQueues {

    /** What clients name instead of their own address, which they never learn. */
    public static final String PSEUDO_QUEUE = "amq.rabbitmq.reply-to";

    /** How every address begins. */
    static final String PREFIX = PSEUDO_QUEUE + ".";

    private final String vhost;
    private final ConcurrentMap<String, Destination.ToQueue> byAddress = new ConcurrentHashMap<>();

    ReplyQueues(String vhost) {
        this.vhost = vhost;
    }

    /** Whether a queue of this name is, or was, none that can be declared but an address. */
    public static boolean isAddress(String queue) {
        return queue.startsWith(PREFIX) || queue.equals(PSEUDO_QUEUE);
    }

    /**
     * Checks that replies to the address would reach somebody.
     *
     * @throws Refusal.NotFound if not
     */
    public void checkOpen(String address) {
        if (!isOpen(address) && !address.equals(PSEUDO_QUEUE)) {
            throw new Refusal.NotFound("no " + Resource.queue(address, vhost));
        }
    }

    /**
     * @throws Refusal.AccessRefused if the queue is behind an address: it has no bindings
     */
    public void checkMayBind(String queue) {
        if (isOpen(queue)) {
            throw new Refusal.AccessRefused(
                    "cannot bind or unbind to a volatile (direct reply-to) queue");
        }
    }

    /**
     * @throws Refusal.PreconditionFailed if the queue is behind an address: it has its one consumer
     */
    public void checkMayConsume(String queue) {
        if (isOpen(queue)) {
            throw new Refusal.PreconditionFailed(
                    "only creator channel may consume from " + Resource.queue(queue, vhost));
        }
    }

    /**
     * @throws Refusal.NotImplemented if the queue is behind an address
     */
    public void checkMayGet(String queue) {
        if (isOpen(queue)) {
            throw new Refusal.NotImplemented(
                    "basic.get not supported by volatile " + Resource.queue(queue, vhost));
        }
    }

    /** Whether somebody consumes what is sent to the address. */
    public boolean isOpen(String address) {
        return byAddress.containsKey(address);
    }

    @Nullable Destination find(String address) {
        return byAddress.get(address);
    }

    void add(Queue queue) {
        byAddress.put(queue.name(), new Destination.ToQueue(queue));
    }

    /** Returns whether it was there. */
    boolean remove(Queue queue) {
        return byAddress.remove(queue.name(), new Destination.ToQueue(queue));
    }
}
