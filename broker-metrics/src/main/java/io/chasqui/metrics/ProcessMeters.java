package io.chasqui.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.RuntimeMXBean;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.DoubleSupplier;

/** The process and its virtual machine, as the operating system and the JDK tell. */
public final class ProcessMeters implements MeterBinder {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final long KIB = 1024;
    private static final double MS_PER_SECOND = 1e3;
    private static final double NS_PER_SECOND = 1e9;

    private final long memoryLimitBytes;

    /**
     * @param memoryLimitBytes what memory in use is held to
     */
    public ProcessMeters(long memoryLimitBytes) {
        this.memoryLimitBytes = memoryLimitBytes;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Meters to = new Meters(registry);
        process(to);
        memory(to);
        collections(to);
        threads(to);
    }

    private void process(Meters to) {
        RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
        to.gauge(
                "rabbitmq_erlang_uptime_seconds",
                "Time since the process started",
                () -> runtime.getUptime() / MS_PER_SECOND);
        to.gauge(
                "process_start_time_seconds",
                "Start time of the process since unix epoch in seconds.",
                () -> runtime.getStartTime() / MS_PER_SECOND);
        to.gauge(
                "rabbitmq_process_resident_memory_bytes",
                "Memory used in bytes",
                ProcessMeters::residentBytes);
        to.gauge(
                "rabbitmq_resident_memory_limit_bytes",
                "Memory in use, in and outside the heap, above which publishers are blocked",
                () -> memoryLimitBytes);
        if (ManagementFactory.getOperatingSystemMXBean()
                instanceof UnixOperatingSystemMXBean system) {
            to.gauge(
                    "rabbitmq_process_open_fds",
                    "Open file descriptors",
                    system::getOpenFileDescriptorCount);
            to.gauge(
                    "rabbitmq_process_max_fds",
                    "Open file descriptors limit",
                    system::getMaxFileDescriptorCount);
            to.counter(
                    "chasqui_process_cpu_seconds",
                    "Processor time used",
                    () -> system.getProcessCpuTime() / NS_PER_SECOND);
        }
    }

    /** Of {@code VmRSS} in proc(5); not a number where there is none. */
    private static double residentBytes() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith("VmRSS:")) {
                    return KIB * Long.parseLong(line.replaceAll("[^0-9]", ""));
                }
            }
            return Double.NaN;
        } catch (IOException _) {
            return Double.NaN;
        }
    }

    private static void memory(Meters to) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        area(to, "heap", () -> memory.getHeapMemoryUsage().getUsed());
        area(to, "nonheap", () -> memory.getNonHeapMemoryUsage().getUsed());
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            area(to, pool.getName(), pool::getMemoryUsed);
        }
        to.gauge(
                "chasqui_jvm_memory_committed_bytes",
                "Heap taken from the operating system",
                Tags.of("area", "heap"),
                () -> memory.getHeapMemoryUsage().getCommitted());
        to.gauge(
                "chasqui_jvm_memory_max_bytes",
                "What the heap may grow to",
                Tags.of("area", "heap"),
                () -> Runtime.getRuntime().maxMemory());
    }

    private static void area(Meters to, String name, DoubleSupplier usedBytes) {
        to.gauge(
                "chasqui_jvm_memory_used_bytes",
                "Memory in use by the virtual machine: heap, nonheap, and buffers outside of it",
                Tags.of("area", name),
                usedBytes);
    }

    private static void collections(Meters to) {
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            Tags tags = Tags.of("gc", collector.getName());
            to.counter(
                    "chasqui_jvm_gc_collections",
                    "Garbage collections of the heap",
                    tags,
                    collector::getCollectionCount);
            to.counter(
                    "chasqui_jvm_gc_seconds",
                    "Time spent in garbage collections of the heap",
                    tags,
                    () -> collector.getCollectionTime() / MS_PER_SECOND);
        }
    }

    private static void threads(Meters to) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        to.gauge("chasqui_jvm_threads", "Platform threads", threads::getThreadCount);
    }
}
