package io.chasqui.server.launch;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import io.chasqui.core.Alarms;
import io.chasqui.core.MemoryAlarm;
import io.chasqui.server.config.BrokerConfig;
import io.chasqui.server.management.Listening;
import io.chasqui.server.management.NodeGauges;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The memory of this process: the heap, and the buffers outside it, Netty's included. */
final class MemoryInUse implements MemoryAlarm.Gauge {

    private final List<MemoryPoolMXBean> heap =
            ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == MemoryType.HEAP)
                    .toList();
    private final List<BufferPoolMXBean> buffers =
            ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);

    /** An alarm with the watermarks that the configuration means on this machine. */
    static MemoryAlarm alarm(BrokerConfig.Watermark watermark, Alarms alarms) {
        return new MemoryAlarm(alarms, new MemoryInUse(), limits(watermark));
    }

    /** Gives the alarm the watermarks that these are on this machine. */
    static void move(MemoryAlarm alarm, BrokerConfig.Watermark watermark) {
        alarm.limits(limits(watermark));
    }

    private static MemoryAlarm.Limits limits(BrokerConfig.Watermark watermark) {
        return new MemoryAlarm.Limits(
                watermark.of(Runtime.getRuntime().maxMemory()),
                watermark.of(maxDirectBytes()),
                limitBytes(Optional.of(watermark)));
    }

    /** What the heap and everything else may use together: the watermark, or all there is. */
    static long limitBytes(Optional<BrokerConfig.Watermark> watermark) {
        long available = available();
        return watermark.map(part -> Math.min(available, part.of(available))).orElse(available);
    }

    /** In use by now, and what the watermark means on this machine; all there is without one. */
    static NodeGauges gauges(
            Optional<MemoryAlarm> alarm,
            Supplier<List<Listening>> listening,
            NodeGauges.Expiry certificate) {
        MemoryInUse gauge = new MemoryInUse();
        long available = available();
        return new NodeGauges(
                () -> gauge.read().heapBytes() + gauge.read().otherBytes(),
                () -> alarm.map(MemoryAlarm::totalLimitBytes).orElse(available),
                listening,
                certificate);
    }

    private static long available() {
        return Math.min(machineBytes(), Runtime.getRuntime().maxMemory() + maxDirectBytes());
    }

    /** Of the machine, or of the container this runs in. */
    private static long machineBytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                .getTotalMemorySize();
    }

    private static long maxDirectBytes() {
        long option =
                Long.parseLong(
                        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                                .getVMOption("MaxDirectMemorySize")
                                .getValue());
        // 0 is the default, and means as much as the heap.
        return option == 0 ? Runtime.getRuntime().maxMemory() : option;
    }

    @Override
    public MemoryAlarm.Use read() {
        long used = 0;
        long live = 0;
        for (MemoryPoolMXBean pool : heap) {
            MemoryUsage afterCollection = pool.getCollectionUsage();
            used += pool.getUsage().getUsed();
            live += afterCollection == null ? 0 : afterCollection.getUsed();
        }
        long outside = Math.max(0, PlatformDependent.usedDirectMemory());
        for (BufferPoolMXBean pool : buffers) {
            // Mapped files are the system's cache, not ours.
            outside += pool.getName().equals("direct") ? pool.getMemoryUsed() : 0;
        }
        return new MemoryAlarm.Use(used, live, outside);
    }

    @Override
    public void collect() {
        System.gc();
    }
}
