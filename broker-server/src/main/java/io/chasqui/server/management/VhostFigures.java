package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.server.http.HttpRefusal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the queues of a virtual host hold, and what has happened in it since the start. */
final class VhostFigures {

    private final VirtualHost vhost;
    private final Readings totals = Readings.none(Meter.QUEUE_TOTALS);
    private final Readings publishes = Readings.none(Meter.PUBLISHES);
    private final Readings deliveries = Readings.none(Meter.QUEUE_DELIVERIES);

    private VhostFigures(VirtualHost vhost) {
        this.vhost = vhost;
    }

    /** Those of each virtual host, asked of all shards. */
    static List<VhostFigures> of(Broker broker, Sampler sampler, Collection<VirtualHost> vhosts)
            throws HttpRefusal, InterruptedException {
        Map<VirtualHost, VhostFigures> sums = new LinkedHashMap<>();
        vhosts.forEach(vhost -> sums.put(vhost, new VhostFigures(vhost)));
        for (VhostFigures part :
                ShardLook.everywhere(broker, shard -> parts(shard, sampler, vhosts))) {
            VhostFigures sum = sums.get(part.vhost);
            if (sum != null) {
                sum.add(part);
            }
        }
        sums.values().forEach(VhostFigures::countDeletedQueues);
        return List.copyOf(sums.values());
    }

    /** Those of all of them together. */
    static VhostFigures sum(List<VhostFigures> figures) {
        VhostFigures sum = new VhostFigures(figures.getFirst().vhost);
        figures.forEach(sum::add);
        return sum;
    }

    private static List<VhostFigures> parts(
            Shard shard, Sampler sampler, Collection<VirtualHost> vhosts) {
        List<VhostFigures> parts = new ArrayList<>();
        for (VirtualHost vhost : vhosts) {
            VhostFigures part = new VhostFigures(vhost);
            part.publishes.add(sampler.publishes(vhost, shard));
            for (Queue queue : vhost.queues()) {
                if (queue.shard() == shard) {
                    part.totals.add(sampler.totals(queue));
                    part.deliveries.add(sampler.deliveries(queue));
                }
            }
            parts.add(part);
        }
        return parts;
    }

    private void add(VhostFigures other) {
        totals.add(other.totals);
        publishes.add(other.publishes);
        deliveries.add(other.deliveries);
    }

    /** What happened to queues that are gone counts for their virtual host. */
    private void countDeletedQueues() {
        deliveries.setValues(Readings.of(Meter.DELIVERIES, vhost.consumed(), Sample.NONE, 0));
    }

    VirtualHost vhost() {
        return vhost;
    }

    void tellTotals(Map<String, @Nullable Object> fields, Past past) {
        totals.tell(fields, past);
    }

    void tellStats(Map<String, @Nullable Object> fields, Past past) {
        Readings.tellStats(fields, past, publishes, deliveries);
    }
}
