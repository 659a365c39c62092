package io.chasqui.server.perf;

import io.chasqui.server.client.BrokerUrl;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;

/** A second of load, of a shape that brokers often see. */
public enum TrainingLoad {
    /** Transient messages, acknowledged ten at a time. */
    QUEUE(Topology.queue("training.transient", false, true), 2, 0, 100, 10),

    /** One message to three queues, nothing acknowledged. */
    FANOUT(Topology.fanout("training.fanout", 3, false, true), 3, 0, 0, 0),

    /** Durable messages that nobody takes, confirmed. */
    BACKLOG(durableQueue(), 0, 200, 0, 0),

    /** The same, and somebody takes what is there. */
    CONFIRMS(durableQueue(), 1, 200, 100, 0);

    private static final int BODY_BYTES = 1024;
    private static final int BATCH = 64;

    private final Topology topology;
    private final int consumers;
    private final PerfPlan.Publishing publishing;
    private final PerfPlan.Consuming consuming;

    TrainingLoad(Topology topology, int consumers, int confirmWindow, int prefetch, int ackEvery) {
        this.topology = topology;
        this.consumers = consumers;
        this.publishing =
                new PerfPlan.Publishing(BODY_BYTES, topology.durable(), confirmWindow, BATCH, 0);
        this.consuming = new PerfPlan.Consuming(prefetch, ackEvery);
    }

    private static Topology durableQueue() {
        return Topology.queue("training", true, false);
    }

    /**
     * Puts the broker under it.
     *
     * @param nanoTime the clock of messages and rates, of which only differences count
     * @throws IOException if the broker is not there, refuses something, or goes away
     */
    public void put(String url, LongSupplier nanoTime) throws IOException {
        PerfPlan plan =
                new PerfPlan(
                        BrokerUrl.parse(url),
                        PerfPlan.Protocol.AMQP_0_9_1,
                        Optional.empty(),
                        topology,
                        1,
                        consumers,
                        publishing,
                        consuming,
                        0,
                        1,
                        Optional.empty());
        try {
            new PerfRun(plan, nanoTime, (_, _) -> {}).run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
