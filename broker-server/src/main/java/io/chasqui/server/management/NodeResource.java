package io.chasqui.server.management;

import com.sun.management.UnixOperatingSystemMXBean;
import io.chasqui.core.Alarms;
import io.chasqui.core.boot.Broker;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Response;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.RuntimeMXBean;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The one node there is: {@code /nodes}. */
final class NodeResource {

    /** What Erlang allows, which tools divide by. */
    private static final int MOST_PROCESSES = 1_048_576;

    private final Broker broker;
    private final Sampler sampler;
    private final NodeFacts node;
    private final NodeGauges gauges;

    NodeResource(Broker broker, Sampler sampler, NodeFacts node, NodeGauges gauges) {
        this.broker = broker;
        this.sampler = sampler;
        this.node = node;
        this.gauges = gauges;
    }

    void mount(Api api) {
        api.get("/nodes", Need.MONITORING, call -> Listing.all(call, List.of(described())));
        api.get("/nodes/{name}", Need.MONITORING, this::one);
        api.get("/nodes/{name}/memory", Need.MONITORING, this::memory);
        api.get("/nodes/{name}/memory/relative", Need.MONITORING, this::relativeMemory);
    }

    private Response one(Call call) throws Exception {
        check(call);
        return Listing.one(call, described());
    }

    private void check(Call call) throws HttpRefusal {
        if (!call.name().equals(node.name())) {
            throw HttpRefusal.notFound();
        }
    }

    private Map<String, @Nullable Object> described() throws Exception {
        sampler.watch();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("name", node.name());
        fields.put("type", "disc");
        fields.put("running", true);
        fields.put("being_drained", false);
        fields.put("partitions", List.of());
        addProcess(fields);
        addAlarms(fields);
        fields.put("rates_mode", "basic");
        fields.put("exchange_types", Offered.exchangeTypes());
        fields.put("auth_mechanisms", Offered.mechanisms(node));
        fields.put("applications", List.of(application()));
        fields.put("contexts", List.of());
        fields.put("enabled_plugins", Offered.PLUGINS);
        fields.put("cluster_links", List.of());
        fields.put("net_ticktime", 60);
        fields.put("rabbitmq_version", node.rabbitmqVersion());
        addRuntime(fields);
        addChurn(fields);
        return fields;
    }

    private Map<String, Object> application() {
        return Map.of(
                "name", "chasqui",
                "description", node.product(),
                "version", node.productVersion());
    }

    /** Erlang's fields say what stands in its place. */
    static void addRuntime(Map<String, @Nullable Object> fields) {
        fields.put("erlang_version", Integer.toString(Runtime.version().feature()));
        fields.put(
                "erlang_full_version",
                "Java " + Runtime.version() + " [" + System.getProperty("java.vm.name") + "]");
    }

    private void addProcess(Map<String, @Nullable Object> fields) {
        RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
        fields.put("os_pid", Long.toString(runtime.getPid()));
        fields.put("uptime", runtime.getUptime());
        fields.put("processors", Runtime.getRuntime().availableProcessors());
        fields.put("run_queue", 0);
        if (ManagementFactory.getOperatingSystemMXBean()
                instanceof UnixOperatingSystemMXBean system) {
            fields.put("fd_total", system.getMaxFileDescriptorCount());
            fields.put("fd_used", system.getOpenFileDescriptorCount());
            fields.put("sockets_total", system.getMaxFileDescriptorCount());
        }
        fields.put("sockets_used", broker.sessions().all().size());
        fields.put("proc_total", MOST_PROCESSES);
        fields.put("proc_used", ManagementFactory.getThreadMXBean().getThreadCount());
        fields.put("mem_used", gauges.memoryUsedBytes().getAsLong());
        fields.put("mem_limit", gauges.memoryLimitBytes().getAsLong());
        fields.put("mem_calculation_strategy", "allocated");
    }

    private void addAlarms(Map<String, @Nullable Object> fields) {
        fields.put("mem_alarm", broker.alarms().raised().contains(Alarms.Shortage.MEMORY));
        fields.put("disk_free", broker.diskSpace().freeBytes());
        fields.put("disk_free_limit", broker.diskSpace().limitBytes());
        fields.put("disk_free_alarm", broker.alarms().raised().contains(Alarms.Shortage.DISK));
    }

    private void addChurn(Map<String, @Nullable Object> fields) throws Exception {
        Readings churn = Readings.none(Meter.CHURN);
        ShardLook.everywhere(broker, shard -> List.of(sampler.churn(shard))).forEach(churn::add);
        churn.tell(fields, Past.NONE);
    }

    private Response memory(Call call) throws HttpRefusal {
        check(call);
        Map<String, @Nullable Object> areas = new LinkedHashMap<>(areas());
        areas.put("strategy", "allocated");
        areas.put(
                "total",
                Map.of(
                        "allocated", sum(areas()),
                        "erlang", sum(areas()),
                        "rss", gauges.memoryUsedBytes().getAsLong()));
        return Listing.one(call, Map.of("memory", areas));
    }

    private Response relativeMemory(Call call) throws HttpRefusal {
        check(call);
        Map<String, Long> areas = areas();
        long all = Math.max(1, sum(areas));
        Map<String, @Nullable Object> parts = new LinkedHashMap<>();
        parts.put("total", 100);
        areas.forEach((name, bytes) -> parts.put(name, (bytes * 100 + all - 1) / all));
        return Listing.one(call, Map.of("memory", parts));
    }

    private static long sum(Map<String, Long> areas) {
        return areas.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The areas of a Java process, in bytes. */
    private static Map<String, Long> areas() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        Map<String, Long> areas = new LinkedHashMap<>();
        areas.put("heap", memory.getHeapMemoryUsage().getUsed());
        areas.put("code", memory.getNonHeapMemoryUsage().getUsed());
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            areas.put("buffers_" + pool.getName().replaceAll("\\W+", "_"), pool.getMemoryUsed());
        }
        return areas;
    }
}
