package io.chasqui.core.exchange;

import io.chasqui.core.shard.Shard;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The traffic of one exchange, counted by each shard for itself. Any thread. */
public final class ExchangeCounters {

    private static final @Nullable ExchangeTraffic[] NONE = {};

    /** By index of the shard; replaced as a whole when one publishes for the first time. */
    private volatile @Nullable ExchangeTraffic[] byShard = NONE;

    /** Where the shard counts. Makes an object once. */
    public ExchangeTraffic on(Shard shard) {
        ExchangeTraffic known = known(shard);
        return known == null ? begun(shard.index()) : known;
    }

    /** What the shard has counted; null if nothing was published there. */
    public @Nullable ExchangeTraffic known(Shard shard) {
        @Nullable ExchangeTraffic[] all = byShard;
        int index = shard.index();
        return index < all.length ? all[index] : null;
    }

    private synchronized ExchangeTraffic begun(int index) {
        @Nullable ExchangeTraffic[] all = byShard;
        @Nullable ExchangeTraffic[] more = Arrays.copyOf(all, Math.max(all.length, index + 1));
        ExchangeTraffic traffic = new ExchangeTraffic();
        more[index] = traffic;
        byShard = more;
        return traffic;
    }
}
