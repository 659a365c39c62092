package io.chasqui.server.metrics;

import io.chasqui.core.boot.Broker;
import io.chasqui.metrics.Node;
import io.chasqui.metrics.Prometheus;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Request;
import io.chasqui.server.http.Response;
import io.chasqui.server.http.Router;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * {@code /metrics}, {@code /metrics/per-object} and {@code /metrics/detailed?family=...&vhost=...},
 * as RabbitMQ has them. Nobody has to log in for them. 503 until the broker has recovered.
 *
 * <p>The metrics library is loaded by the first scrape, not at the start.
 */
public final class MetricsRoutes {

    private @Nullable Broker broker;
    private @Nullable Node node;
    private @Nullable Prometheus prometheus;

    public void mount(Router router) {
        router.get("/metrics", this::aggregated);
        router.get("/metrics/per-object", this::perObject);
        router.get("/metrics/detailed", this::detailed);
    }

    /** The broker has recovered. */
    public synchronized void serving(Broker recovered, Node identity) {
        broker = recovered;
        node = identity;
    }

    private synchronized Prometheus prometheus() throws HttpRefusal {
        if (broker == null || node == null) {
            throw new HttpRefusal(503, "Service Unavailable", "recovering");
        }
        if (prometheus == null) {
            prometheus = new Prometheus(broker, node);
        }
        return prometheus;
    }

    private Response aggregated(Request request) throws Exception {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        prometheus().aggregated(text);
        return Response.text(200, Prometheus.CONTENT_TYPE, text.toByteArray());
    }

    private Response perObject(Request request) throws HttpRefusal {
        Prometheus metrics = prometheus();
        return streamed(metrics::perObject);
    }

    private Response detailed(Request request) throws HttpRefusal {
        Prometheus metrics = prometheus();
        Set<String> families = Set.copyOf(request.queryFields("family"));
        Set<String> vhosts = Set.copyOf(request.queryFields("vhost"));
        return streamed(out -> metrics.detailed(out, families, vhosts));
    }

    private static Response streamed(Scrape scrape) {
        return Response.streamed(
                200,
                Prometheus.CONTENT_TYPE,
                out -> {
                    try {
                        scrape.writeTo(out);
                    } catch (TimeoutException e) {
                        throw new IOException("an event loop does not answer", e);
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                        throw new InterruptedIOException("stopped while being scraped");
                    }
                });
    }

    /** Writes metrics. */
    @FunctionalInterface
    private interface Scrape {
        void writeTo(OutputStream out) throws IOException, InterruptedException, TimeoutException;
    }
}
