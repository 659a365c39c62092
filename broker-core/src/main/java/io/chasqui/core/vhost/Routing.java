package io.chasqui.core.vhost;

import io.chasqui.core.definition.Resource;
import io.chasqui.core.exchange.Exchange;
import io.chasqui.core.exchange.Route;
import io.chasqui.core.exchange.RouteSearch;
import io.chasqui.core.exchange.RoutedMessage;
import io.chasqui.core.message.DeadLetter;
import io.chasqui.core.message.HeaderCursor;
import io.chasqui.core.message.MessageProperty;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.refusal.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How messages find their way from a virtual host's exchanges to its queues: along bindings and
 * alternate exchanges, with a copy to the firehose if that is on. Any thread; takes no lock.
 */
public final class Routing {

    private final String vhost;
    private final Topology topology;
    private final Definitions definitions;
    private volatile boolean traced;

    Routing(String vhost, Topology topology, Definitions definitions) {
        this.vhost = vhost;
        this.topology = topology;
        this.definitions = definitions;
    }

    /** Rises after each change of a definition or permission: how long a cached route is good. */
    public long version() {
        return topology.version();
    }

    /**
     * Makes routes that are cached be asked for anew, and with them whether one may: a permission
     * changed, or a queue on them changed its ways.
     */
    public void changed() {
        topology.raiseVersion();
    }

    /** Whether messages are copied to the firehose, the exchange {@code amq.rabbitmq.trace}. */
    public boolean isTraced() {
        return traced;
    }

    /** Turns the firehose on or off, as RabbitMQ does until the broker stops. */
    public void trace(boolean on) {
        traced = on;
        topology.raiseVersion();
    }

    /**
     * The exchange, for whoever publishes to it.
     *
     * @throws Refusal.NotFound if there is no such exchange
     * @throws Refusal.AccessRefused if it is internal
     */
    public Exchange publishable(String exchange) {
        Exchange source = definitions.exchangeOrRefuse(exchange);
        if (source.definition().internal()) {
            throw new Refusal.AccessRefused(
                    "cannot publish to internal " + Resource.exchange(exchange, vhost));
        }
        return source;
    }

    /** Routes what a client publishes; see {@link #publishable} for what it may throw. */
    public Route route(String exchange, RoutedMessage message) {
        return routePublished(publishable(exchange), message);
    }

    /** The same, from an exchange that {@link #publishable} gave. */
    public Route routePublished(Exchange source, RoutedMessage message) {
        Route route = routeFrom(source, message);
        return traced ? route.traced(message.routingKeys()) : route;
    }

    /** Routes what the broker itself sends, such as a dead letter, which internal exchanges take. */
    public Route routeFrom(Exchange source, RoutedMessage message) {
        return RouteSearch.from(source, message, topology::alternateOf);
    }

    /** The queues that a dead letter goes to; none if its exchange is missing. */
    public List<Queue> route(DeadLetter letter) {
        Exchange exchange = topology.exchange(letter.exchange());
        return exchange == null
                ? List.of()
                : routeFrom(exchange, new RoutedLetter(letter)).queues();
    }

    private record RoutedLetter(DeadLetter letter) implements RoutedMessage {

        @Override
        public List<String> routingKeys() {
            return letter.routingKeys();
        }

        @Override
        public HeaderCursor headers() {
            return letter.headers();
        }

        @Override
        public @Nullable String property(MessageProperty property) {
            return letter.property(property);
        }
    }
}
