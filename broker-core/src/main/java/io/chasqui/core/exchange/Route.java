package io.chasqui.core.exchange;

import io.chasqui.core.queue.Queue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where one message, or every message with the same exchange and routing key, goes: an immutable
 * list of queues, each once however many bindings lead to it, as in RabbitMQ. Empty if the message
 * is unroutable.
 */
public final class Route {

    private static final Queue[] NOWHERE = {};

    private final Exchange exchange;
    private final Queue[] queues;
    private final boolean isCacheable;

    private Route(Exchange exchange, Queue[] queues) {
        this.exchange = exchange;
        this.queues = queues;
        this.isCacheable = exchange.routesByKeyAlone();
    }

    /** Routes a message from an exchange, internal or not. */
    public static Route through(Exchange exchange, RoutedMessage message) {
        Collector collector = new Collector();
        exchange.route(message, collector);
        return new Route(exchange, collector.queues.toArray(NOWHERE));
    }

    /** The exchange that the message was published to. */
    public Exchange exchange() {
        return exchange;
    }

    /** How many queues there are. */
    public int size() {
        return queues.length;
    }

    /** The queue at {@code index}, from 0 to {@link #size} exclusive. */
    public Queue queue(int index) {
        return queues[index];
    }

    /** Whether it holds for every message with this exchange and routing key. */
    public boolean isCacheable() {
        return isCacheable;
    }

    /** The set is made for the second queue: most messages have one. */
    private static final class Collector implements RouteSink {

        final List<Queue> queues = new ArrayList<>(1);
        private @Nullable Set<Queue> seen;

        @Override
        public void add(Destination destination) {
            switch (destination) {
                case Destination.ToQueue(Queue queue) -> {
                    if (isFirst(queue)) {
                        queues.add(queue);
                    }
                }
            }
        }

        private boolean isFirst(Queue queue) {
            if (queues.isEmpty()) {
                return true;
            }
            Set<Queue> set = seen;
            if (set == null) {
                set = Collections.newSetFromMap(new IdentityHashMap<>());
                set.addAll(queues);
                seen = set;
            }
            return set.add(queue);
        }
    }
}
