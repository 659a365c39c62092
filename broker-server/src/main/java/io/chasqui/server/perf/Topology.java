package io.chasqui.server.perf;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Where messages go: to one queue through the default exchange, or to several through a fanout.
 *
 * @param temporary whether all of it is ours, to be deleted in the end
 */
record Topology(
        String exchange,
        String routingKey,
        List<String> queues,
        boolean durable,
        boolean temporary) {

    static final String EXCHANGE_TYPE = "fanout";

    static Topology queue(String name, boolean durable, boolean temporary) {
        return new Topology("", name, List.of(name), durable, temporary);
    }

    static Topology fanout(String name, int queues, boolean durable, boolean temporary) {
        List<String> names = IntStream.range(0, queues).mapToObj(i -> name + "." + i).toList();
        return new Topology(name, "", names, durable, temporary);
    }

    /** Whether messages go through an exchange other than the default one. */
    boolean hasExchange() {
        return !exchange.isEmpty();
    }

    /** The queue of a consumer; more consumers than queues share them evenly. */
    String queueOf(int consumer) {
        return queues.get(consumer % queues.size());
    }
}
