package io.chasqui.bench.crash;

import java.util.List;

/** An exchange and routing key, and the queues they lead to. */
record Route(String exchange, String routingKey, List<String> queues) {

    static Route toQueue(String queue) {
        return new Route("", queue, List.of(queue));
    }
}
