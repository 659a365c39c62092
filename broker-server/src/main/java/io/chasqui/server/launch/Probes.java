package io.chasqui.server.launch;

import io.chasqui.core.boot.Broker;
import io.chasqui.metrics.Node;
import io.chasqui.server.config.BrokerConfig;
import io.chasqui.server.health.Health;
import io.chasqui.server.health.HealthRoutes;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Router;
import io.chasqui.server.metrics.MetricsRoutes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/** What others may ask a broker without logging in, from before it recovers until it has stopped. */
final class Probes implements AutoCloseable {

    private final HttpPorts ports;
    private final Health health = new Health();
    private final MetricsRoutes metrics = new MetricsRoutes();
    private volatile Router http = new Router();
    private List<InetSocketAddress> httpAddresses = List.of();
    private List<InetSocketAddress> metricsAddresses = List.of();

    private Probes(HttpPorts ports) {
        this.ports = ports;
    }

    /**
     * Opens the HTTP and the metrics port.
     *
     * @throws IOException if a port that was asked for cannot be had, saying why
     */
    static Probes start(BrokerConfig config) throws IOException {
        HttpPorts ports = new HttpPorts(config.transport());
        Probes probes = new Probes(ports);
        try {
            probes.listen(config);
        } catch (IOException e) {
            ports.close();
            throw e;
        }
        return probes;
    }

    private void listen(BrokerConfig config) throws IOException {
        HealthRoutes.mount(http, health);
        http.otherwise(_ -> {
            throw new HttpRefusal(503, "Service Unavailable", "recovering");
        });
        httpAddresses = ports.serve("http", config.http(), () -> http);
        Router scraped = new Router();
        HealthRoutes.mount(scraped, health);
        metrics.mount(scraped);
        metricsAddresses = ports.serve("metrics", config.metrics(), () -> scraped);
    }

    /**
     * The broker has recovered and accepts connections.
     *
     * @param management what may be asked on the HTTP port from now on, beside its health
     */
    void serving(Broker broker, Node node, Router management) {
        HealthRoutes.mount(management, health);
        http = management;
        metrics.serving(broker, node);
        health.serving(broker);
    }

    Health health() {
        return health;
    }

    /** For further services, on ports or sockets of their own. */
    HttpPorts ports() {
        return ports;
    }

    List<InetSocketAddress> httpAddresses() {
        return httpAddresses;
    }

    List<InetSocketAddress> metricsAddresses() {
        return metricsAddresses;
    }

    @Override
    public void close() {
        ports.close();
    }
}
