package io.chasqui.metrics;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.shard.ShardCounters;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * Publishes a broker's throughput and log figures to any Micrometer registry. Figures are read when
 * somebody asks: the hot path pays a plain increment and nothing else.
 */
public final class BrokerMeters implements MeterBinder {

    private final Broker broker;

    public BrokerMeters(Broker broker) {
        this.broker = broker;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Messages messages = new Messages(registry);
        messages.counter("published", "received from publishers", c -> c.published);
        messages.counter("confirmed", "confirmed to publishers", c -> c.confirmed);
        messages.counter("routed", "that reached at least one queue", c -> c.routed);
        messages.counter("enqueued", "put into queues, one for each queue", c -> c.enqueued);
        messages.counter("returned", "unroutable, given back", c -> c.unroutableReturned);
        messages.counter("dropped", "unroutable, dropped", c -> c.unroutableDropped);
        messages.counter(
                "delivered",
                "sent to consumers and to basic.get",
                c -> c.deliveredManualAck + c.deliveredAutoAck + c.gotManualAck + c.gotAutoAck);
        messages.counter("redelivered", "sent again", c -> c.redelivered);
        messages.counter("acknowledged", "settled by consumers", c -> c.acknowledged);
        messages.counter("requeued", "given back by consumers", c -> c.requeued);
        messages.counter("rejected", "refused by consumers", c -> c.rejected);
        messages.counter("purged", "dropped by queue.purge", c -> c.purged);
        messages.counter(
                "unreadable", "passed over because they could not be read", c -> c.unreadable);

        count(registry, "chasqui.log.cold.reads", "Disk reads for deliveries", this::coldReads);
        gauge(
                registry,
                "chasqui.alarm.publishers.blocked",
                "1 while publishers are blocked",
                b -> b.alarms().publishersBlocked() ? 1 : 0);
    }

    private double coldReads(Broker of) {
        return sum(of, c -> c.coldReads);
    }

    private final class Messages {
        private final MeterRegistry registry;

        Messages(MeterRegistry registry) {
            this.registry = registry;
        }

        void counter(String name, String what, ToLongFunction<ShardCounters> figure) {
            count(registry, "chasqui.messages." + name, "Messages " + what, of -> sum(of, figure));
        }
    }

    private void count(
            MeterRegistry registry, String name, String help, ToDoubleFunction<Broker> figure) {
        FunctionCounter.builder(name, broker, figure).description(help).register(registry);
    }

    private void gauge(
            MeterRegistry registry, String name, String help, ToDoubleFunction<Broker> figure) {
        Gauge.builder(name, broker, figure).description(help).register(registry);
    }

    private static double sum(Broker broker, ToLongFunction<ShardCounters> figure) {
        return broker.shards().stream().mapToLong(s -> figure.applyAsLong(s.counters())).sum();
    }
}
