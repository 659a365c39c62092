package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.exchange.Exchange;
import io.chasqui.core.exchange.ExchangeTraffic;
import io.chasqui.core.shard.Shard;
import io.chasqui.server.http.HttpRefusal;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was published to an exchange, over all shards. */
final class ExchangeFigures {

    private final Readings in = Readings.none(Meter.EXCHANGE_IN);
    private final Readings out = Readings.none(Meter.EXCHANGE_OUT);

    private record Part(Exchange exchange, Readings in, Readings out) {}

    /** Of those of the exchanges that anything was published to. */
    static Map<Exchange, ExchangeFigures> of(
            Broker broker, Sampler sampler, List<Exchange> exchanges)
            throws HttpRefusal, InterruptedException {
        Map<Exchange, ExchangeFigures> sums = new IdentityHashMap<>();
        for (Part part : ShardLook.everywhere(broker, shard -> parts(shard, sampler, exchanges))) {
            ExchangeFigures sum = sums.computeIfAbsent(part.exchange, _ -> new ExchangeFigures());
            sum.in.add(part.in);
            sum.out.add(part.out);
        }
        return sums;
    }

    private static List<Part> parts(Shard shard, Sampler sampler, List<Exchange> exchanges) {
        List<Part> parts = new ArrayList<>();
        for (Exchange exchange : exchanges) {
            ExchangeTraffic traffic = exchange.counters().known(shard);
            if (traffic != null) {
                parts.add(
                        new Part(
                                exchange, sampler.in(traffic, shard), sampler.out(traffic, shard)));
            }
        }
        return parts;
    }

    void tell(Map<String, @Nullable Object> fields, Past past) {
        Readings.tellStats(fields, past, in, out);
    }
}
