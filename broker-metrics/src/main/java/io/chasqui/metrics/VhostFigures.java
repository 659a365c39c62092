package io.chasqui.metrics;

import io.chasqui.core.queue.QueueCounters;
import io.chasqui.core.vhost.PublishCounters;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.metrics.Exposition.Type;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Writes what happened in each virtual host, queues included that are gone. Direct replies are in no
 * queue of a virtual host: only their publishing counts.
 */
final class VhostFigures {

    /** What {@code family=} says. */
    static final String FAMILY = "vhost_metrics";

    private static final List<Figure> ALL =
            List.of(
                    published("received", "received from publishers", c -> c.published),
                    published(
                            "received_confirm",
                            "received from publishers that ask for confirms",
                            c -> c.publishedForConfirm),
                    published("confirmed", "confirmed to publishers", c -> c.confirmed),
                    published("routed", "that reached at least one queue", c -> c.routed),
                    published(
                            "unroutable_dropped",
                            "that reached no queue and were dropped",
                            c -> c.unroutableDropped),
                    published(
                            "unroutable_returned",
                            "that reached no queue and were returned",
                            c -> c.unroutableReturned),
                    consumed("enqueued", "put into queues, one for each queue", c -> c.enqueued),
                    consumed("delivered", "sent to consumers and to basic.get", c -> c.delivered),
                    consumed("redelivered", "sent again", c -> c.redelivered),
                    consumed("acknowledged", "acknowledged by consumers", c -> c.acknowledged),
                    consumed("requeued", "given back by consumers", c -> c.requeued),
                    consumed("rejected", "refused by consumers and not requeued", c -> c.rejected),
                    consumed("purged", "dropped by queue.purge", c -> c.purged),
                    consumed("expired", "that outlived their time in a queue", c -> c.expired));

    private VhostFigures() {}

    /** All counts of a virtual host, as of one moment. */
    private record Counts(
            String label, Collection<PublishCounters> published, QueueCounters consumed) {

        static Counts of(VirtualHost vhost) {
            return new Counts(
                    Exposition.label("vhost", vhost.name()), vhost.published(), vhost.consumed());
        }
    }

    private record Figure(String name, String help, ToLongFunction<Counts> of) {}

    private static Figure published(String name, String help, ToLongFunction<PublishCounters> of) {
        return new Figure(name, help, counts -> counts.published().stream().mapToLong(of).sum());
    }

    private static Figure consumed(String name, String help, ToLongFunction<QueueCounters> of) {
        return new Figure(name, help, counts -> of.applyAsLong(counts.consumed()));
    }

    static void write(Exposition to, String prefix, Collection<VirtualHost> vhosts)
            throws IOException {
        List<Counts> counts = vhosts.stream().map(Counts::of).toList();
        for (Figure figure : ALL) {
            String name = prefix + "vhost_messages_" + figure.name() + "_total";
            to.family(name, Type.COUNTER, "Messages " + figure.help());
            for (Counts vhost : counts) {
                to.sample(name, vhost.label(), figure.of().applyAsLong(vhost));
            }
        }
    }
}
