package io.chasqui.core.exchange;

import io.chasqui.core.queue.Queue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Follows a message through exchanges: from the one that it was published to, over bindings between
 * exchanges, and on to the alternate exchange of each that finds no destination at all. As in
 * RabbitMQ an exchange that finds another exchange has found something, even if that one finds
 * nothing; and the default exchange is nobody's alternate.
 *
 * <p>Each exchange is asked once, so that cycles come to an end.
 */
public final class RouteSearch implements RouteSink {

    private final Exchange start;
    private final RoutedMessage message;
    private final Function<Exchange, @Nullable Exchange> alternates;
    private final Deque<Exchange> ahead = new ArrayDeque<>(2);
    private final List<Queue> queues = new ArrayList<>(1);
    private boolean foundAny;

    /** Both sets are made for the second member: most messages have one exchange and one queue. */
    private @Nullable Set<Exchange> seenExchanges;

    private @Nullable Set<Queue> seenQueues;

    private RouteSearch(
            Exchange start,
            RoutedMessage message,
            Function<Exchange, @Nullable Exchange> alternates) {
        this.start = start;
        this.message = message;
        this.alternates = alternates;
    }

    /**
     * Routes a message from an exchange, internal or not.
     *
     * @param alternates finds the alternate exchange of each, from any thread
     */
    public static Route from(
            Exchange exchange,
            RoutedMessage message,
            Function<Exchange, @Nullable Exchange> alternates) {
        return new RouteSearch(exchange, message, alternates).run();
    }

    private Route run() {
        boolean byKeyAlone = true;
        for (Exchange at = start; at != null; at = ahead.poll()) {
            byKeyAlone &= at.routesByKeyAlone();
            foundAny = false;
            at.route(message, this);
            if (!foundAny) {
                goToAlternateOf(at);
            }
        }
        return new Route(start, queues, byKeyAlone);
    }

    private void goToAlternateOf(Exchange exchange) {
        Exchange alternate = alternates.apply(exchange);
        if (alternate != null) {
            goTo(alternate);
        }
    }

    @Override
    public void add(Destination destination) {
        foundAny = true;
        switch (destination) {
            case Destination.ToQueue(Queue queue) -> {
                if (isFirst(queue)) {
                    queues.add(queue);
                }
            }
            case Destination.ToExchange(Exchange exchange) -> goTo(exchange);
        }
    }

    private void goTo(Exchange exchange) {
        Set<Exchange> seen = seenExchanges;
        if (seen == null) {
            seen = Collections.newSetFromMap(new IdentityHashMap<>(4));
            seen.add(start);
            seenExchanges = seen;
        }
        if (seen.add(exchange)) {
            ahead.add(exchange);
        }
    }

    private boolean isFirst(Queue queue) {
        if (queues.isEmpty()) {
            return true;
        }
        Set<Queue> seen = seenQueues;
        if (seen == null) {
            seen = Collections.newSetFromMap(new IdentityHashMap<>());
            seen.addAll(queues);
            seenQueues = seen;
        }
        return seen.add(queue);
    }
}
