package io.chasqui.server.perf;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.server.client.Amqp10ClientConnection;
import io.chasqui.server.client.LinkAddress;
import io.chasqui.server.client.ManagementRequests;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.Map;

/**
 * A load in AMQP 1.0, with RabbitMQ's addresses and its management node; or with an address that the
 * plan gives, for brokers that have neither.
 */
final class Amqp10Load implements LoadProtocol {

    private final PerfPlan plan;
    private final Topology topology;

    Amqp10Load(PerfPlan plan) {
        this.plan = plan;
        this.topology = plan.topology();
    }

    private Amqp10ClientConnection connect() throws IOException {
        return Amqp10ClientConnection.open(plan.url(), PerfRun.PRODUCT);
    }

    @Override
    public Outlet outlet() throws IOException {
        String ours = topology.hasExchange() ? exchange() : queue(topology.routingKey());
        return new Amqp10Outlet(connect(), address(ours), plan.publishing());
    }

    @Override
    public Inlet inlet(int consumer) throws IOException {
        String ours = queue(topology.queueOf(consumer));
        return new Amqp10Inlet(connect(), address(ours), plan.consuming());
    }

    private LinkAddress address(String ours) {
        return plan.address()
                .map(given -> new LinkAddress(given, true))
                .orElse(new LinkAddress(ours, false));
    }

    private String exchange() {
        return "/exchanges/" + encoded(topology.exchange());
    }

    private static String queue(String name) {
        return "/queues/" + encoded(name);
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, UTF_8).replace("+", "%20");
    }

    @Override
    public void declare() throws IOException {
        if (plan.address().isPresent()) {
            return;
        }
        try (Amqp10ClientConnection connection = connect()) {
            ManagementRequests management = new ManagementRequests(connection);
            Map<String, Object> durability = Map.of("durable", topology.durable());
            if (topology.hasExchange()) {
                management.request(
                        "PUT",
                        exchange(),
                        Map.of("durable", topology.durable(), "type", Topology.EXCHANGE_TYPE));
            }
            for (String name : topology.queues()) {
                management.request("PUT", queue(name), durability);
                if (topology.hasExchange()) {
                    management.request("POST", "/bindings", binding(name));
                }
            }
        }
    }

    private Map<String, Object> binding(String queue) {
        return Map.of(
                "source",
                topology.exchange(),
                "destination_queue",
                queue,
                "binding_key",
                "",
                "arguments",
                Map.of());
    }

    @Override
    public void delete() throws IOException {
        if (plan.address().isPresent() || !topology.temporary()) {
            return;
        }
        try (Amqp10ClientConnection connection = connect()) {
            ManagementRequests management = new ManagementRequests(connection);
            for (String name : topology.queues()) {
                management.request("DELETE", queue(name), null);
            }
            if (topology.hasExchange()) {
                management.request("DELETE", exchange(), null);
            }
        }
    }
}
