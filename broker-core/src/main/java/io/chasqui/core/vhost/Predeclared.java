package io.chasqui.core.vhost;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.ExchangeDefinition;
import io.chasqui.core.definition.ExchangeType;
import io.chasqui.core.exchange.DefaultExchange;
import io.chasqui.core.exchange.Exchange;
import java.util.List;

/**
 * The exchanges that every virtual host has from the start (0-9-1 §3.1.3) and nobody can delete.
 * They are in no log and no checkpoint, so a data directory of an older version has those that came
 * later as well.
 */
final class Predeclared {

    private static final String RESERVED_PREFIX = "amq.";

    /** All but the default exchange. */
    static final List<ExchangeDefinition> EXCHANGES =
            List.of(
                    exchange("amq.direct", ExchangeType.DIRECT, false),
                    exchange("amq.fanout", ExchangeType.FANOUT, false),
                    exchange("amq.headers", ExchangeType.HEADERS, false),
                    exchange("amq.match", ExchangeType.HEADERS, false),
                    exchange("amq.topic", ExchangeType.TOPIC, false),
                    exchange("amq.rabbitmq.trace", ExchangeType.TOPIC, true));

    private Predeclared() {}

    /** Names that start so are the broker's own (0-9-1 §3.1.10); exact case, as in RabbitMQ. */
    static boolean isReserved(String name) {
        return name.startsWith(RESERVED_PREFIX);
    }

    static boolean isPredeclared(Exchange exchange) {
        String name = exchange.definition().name();
        return name.equals(DefaultExchange.NAME) || isReserved(name);
    }

    private static ExchangeDefinition exchange(String name, ExchangeType type, boolean internal) {
        return new ExchangeDefinition(name, type, true, false, internal, Arguments.EMPTY);
    }
}
