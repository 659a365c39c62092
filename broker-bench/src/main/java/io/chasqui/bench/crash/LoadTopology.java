package io.chasqui.bench.crash;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/**
 * The durable queues of the load: some for work, three behind a fanout exchange, and perhaps one
 * that only fills.
 *
 * <p>The first work queue and those of the fanout have one consumer each, the others share theirs.
 */
final class LoadTopology {

    private static final String FANOUT = "crash.fanout";
    private static final String BACKLOG = "crash.backlog";

    private final List<String> work;
    private final List<String> fanned;
    private final boolean backlog;
    private final int consumersPerQueue;

    LoadTopology(CrashPlan plan) {
        this.work = numbered("crash.work.", plan.queues());
        this.fanned = numbered(FANOUT + ".", 3);
        this.backlog = plan.backlog();
        this.consumersPerQueue = plan.consumersPerQueue();
    }

    private static List<String> numbered(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    /** Deletes what an earlier test left, and declares everything. */
    void declare(Connection connection) throws IOException, TimeoutException {
        try (Channel channel = connection.createChannel()) {
            channel.exchangeDelete(FANOUT);
            channel.exchangeDeclare(FANOUT, "fanout", true);
            for (String queue : queues()) {
                channel.queueDelete(queue);
                channel.queueDeclare(queue, true, false, false, Map.of());
            }
            for (String queue : fanned) {
                channel.queueBind(queue, FANOUT, "");
            }
        }
    }

    List<String> queues() {
        List<String> all = new ArrayList<>(work);
        all.addAll(fanned);
        if (backlog) {
            all.add(BACKLOG);
        }
        return all;
    }

    List<Route> workRoutes() {
        return work.stream().map(Route::toQueue).toList();
    }

    Route fanoutRoute() {
        return new Route(FANOUT, "", fanned);
    }

    boolean hasBacklog() {
        return backlog;
    }

    Route backlogRoute() {
        return Route.toQueue(BACKLOG);
    }

    /** Who consumes all the time. */
    List<ConsumerId> consumers() {
        List<ConsumerId> all = new ArrayList<>();
        for (String queue : work) {
            int count = queue.equals(work.getFirst()) ? 1 : consumersPerQueue;
            for (int i = 0; i < count; i++) {
                all.add(new ConsumerId(queue, i, count == 1));
            }
        }
        for (String queue : fanned) {
            all.add(new ConsumerId(queue, 0, true));
        }
        return all;
    }

    /** Who takes the backlog in the end. */
    ConsumerId backlogConsumer() {
        return new ConsumerId(BACKLOG, 0, true);
    }
}
