package io.chasqui.server.perf;

import io.chasqui.server.client.BrokerUrl;
import java.util.Optional;

/**
 * A load and how long to keep it up, as the command line asked for it.
 *
 * @param address of AMQP 1.0, where everything is sent to and received from; without one, where the
 *     topology says
 * @param broker its process, if it runs on this machine and its processor time is of interest
 */
record PerfPlan(
        BrokerUrl url,
        Protocol protocol,
        Optional<String> address,
        Topology topology,
        int publishers,
        int consumers,
        Publishing publishing,
        Consuming consuming,
        int warmUpSeconds,
        int seconds,
        Optional<ProcessHandle> broker) {

    /** What publishers and consumers speak. */
    enum Protocol {
        AMQP_0_9_1,
        AMQP_1_0;

        LoadProtocol of(PerfPlan plan) {
            return this == AMQP_1_0 ? new Amqp10Load(plan) : new Amqp091Load(plan);
        }
    }

    /**
     * What each publisher does.
     *
     * @param confirmWindow publishes that may be unconfirmed at a time; 0: no confirms
     * @param batch messages in a write, at most
     * @param ratePerSecond messages a second; 0: no limit
     */
    record Publishing(
            int bodyBytes, boolean persistent, int confirmWindow, int batch, long ratePerSecond) {}

    /**
     * What each consumer does.
     *
     * @param prefetch messages that may be unacknowledged at a time; 0: no limit
     * @param ackEvery messages acknowledged together; 0: the broker need not wait for any
     */
    record Consuming(int prefetch, int ackEvery) {}
}
