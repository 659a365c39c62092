package io.chasqui.core.exchange;

import io.chasqui.core.queue.Queue;
import io.chasqui.core.shard.Shard;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where one message, or every message with the same exchange and routing key, goes: an immutable
 * list of queues, each once however many ways lead to it, as in RabbitMQ. Empty if the message is
 * unroutable. See {@link RouteSearch} for how it is found.
 */
public final class Route {

    private static final Queue[] NOWHERE = {};

    private final Exchange exchange;
    private final ExchangeCounters counters;
    private final Queue[] queues;
    private final boolean isCacheable;
    private final boolean mayBeRefused;
    private final @Nullable List<String> tracedKeys;

    Route(Exchange exchange, List<Queue> queues, boolean isCacheable) {
        this(exchange, queues.toArray(NOWHERE), isCacheable, null);
    }

    private Route(
            Exchange exchange,
            Queue[] queues,
            boolean isCacheable,
            @Nullable List<String> tracedKeys) {
        this.exchange = exchange;
        this.counters = exchange.counters();
        this.queues = queues;
        this.isCacheable = isCacheable;
        this.mayBeRefused = Arrays.stream(queues).anyMatch(Queue::refusesPublishes);
        this.tracedKeys = tracedKeys;
    }

    /** The same route in a virtual host that is traced. */
    public Route traced(List<String> routingKeys) {
        return new Route(exchange, queues, isCacheable, routingKeys);
    }

    /** Whether its messages are copied to the firehose. */
    public boolean isTraced() {
        return tracedKeys != null;
    }

    /** The keys that it was found by, if it is traced; else none. */
    public List<String> tracedKeys() {
        return tracedKeys == null ? List.of() : tracedKeys;
    }

    /** The exchange that the message was published to. */
    public Exchange exchange() {
        return exchange;
    }

    /** A message was published, by a client of the shard. */
    public void count(Shard shard) {
        ExchangeTraffic traffic = counters.on(shard);
        traffic.in++;
        traffic.out += queues.length;
    }

    /** All of its queues. */
    public List<Queue> queues() {
        return List.of(queues);
    }

    /** How many queues there are. */
    public int size() {
        return queues.length;
    }

    /** The queue at {@code index}, from 0 to {@link #size} exclusive. */
    public Queue queue(int index) {
        return queues[index];
    }

    /** Whether one of the queues may refuse a message because it is full. */
    public boolean mayBeRefused() {
        return mayBeRefused;
    }

    /** Whether it holds for every message with this exchange and this one routing key. */
    public boolean isCacheable() {
        return isCacheable;
    }
}
