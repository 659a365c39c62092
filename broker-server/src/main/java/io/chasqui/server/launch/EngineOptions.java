package io.chasqui.server.launch;

import io.chasqui.core.boot.BrokerOptions;
import io.chasqui.core.definition.QueueType;
import io.chasqui.server.config.BrokerConfig;
import java.util.OptionalLong;

/** What the engine is told, where the configuration leaves it to the broker. */
final class EngineOptions {

    private static final long MIB = 1L << 20;

    private EngineOptions() {}

    /**
     * @param maxHeapBytes what the heap may grow to
     */
    static BrokerOptions of(BrokerConfig config, long maxHeapBytes) {
        BrokerConfig.Store store = config.store();
        long eighth = maxHeapBytes / 8;
        int ring =
                (int)
                        Long.highestOneBit(
                                store.ringBytes().orElse(Math.clamp(eighth, 16 * MIB, 128 * MIB)));
        return new BrokerOptions(
                ring,
                ring,
                Long.numberOfTrailingZeros(store.segmentBytes()),
                store.indexBytes().orElse(Math.max(eighth, 16 * MIB)),
                store.readBytes().orElse(Math.clamp(eighth, 16 * MIB, 64 * MIB)),
                store.checkpointLogBytes(),
                store.checkpointIntervalMs(),
                store.diskFreeLimitBytes().map(OptionalLong::of).orElse(OptionalLong.empty()),
                store.compactSlackBytes(),
                config.defaultVhost(),
                new BrokerOptions.FirstUser(
                        config.user().name(),
                        config.user().password(),
                        config.user().passwordIterations()),
                new BrokerOptions.QueueDefaults(
                        QueueType.named(config.queues().defaultType()).orElseThrow(),
                        config.queues().consumerTimeoutMs()),
                NodeName.of(config.identity()));
    }
}
