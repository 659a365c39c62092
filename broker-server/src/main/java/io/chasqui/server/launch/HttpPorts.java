package io.chasqui.server.launch;

import io.chasqui.server.config.BrokerConfig;
import io.chasqui.server.config.PortChoice;
import io.chasqui.server.http.HttpLimits;
import io.chasqui.server.http.HttpServer;
import io.chasqui.server.http.Router;
import io.chasqui.server.net.ServicePorts;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ports on which the broker speaks HTTP, and the servers behind them. */
final class HttpPorts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpPorts.class);

    private final ServicePorts ports;
    private final List<HttpServer> servers = new ArrayList<>();

    /** @param transport {@code auto}, {@code epoll} or {@code nio} */
    HttpPorts(String transport) {
        this.ports = new ServicePorts(transport);
    }

    /**
     * Serves what is mounted on the router at every address of a listener that this machine has.
     *
     * @param name the listener's, for the log
     * @return the addresses bound; none if the port is off, or taken and not insisted on
     * @throws IOException if a port that was asked for cannot be had, saying why
     */
    List<InetSocketAddress> serve(
            String name, BrokerConfig.HttpListener listener, Supplier<Router> router)
            throws IOException {
        PortChoice wanted = listener.port();
        if (wanted.insistence() == PortChoice.Insistence.OFF) {
            return List.of();
        }
        try {
            return bind(name, listener.hosts(), wanted.port(), router);
        } catch (IOException e) {
            if (wanted.insistence() == PortChoice.Insistence.FIXED
                    || !(e.getCause() instanceof BindException)) {
                throw e;
            }
            LOG.warn("no {} port: {}", name, e.getMessage());
            return List.of();
        }
    }

    private List<InetSocketAddress> bind(
            String name, List<String> hosts, int port, Supplier<Router> router) throws IOException {
        HttpServer server = server(router);
        List<InetSocketAddress> bound = new ArrayList<>();
        for (String host : hosts) {
            InetAddress address = InetAddress.getByName(host);
            if (!address.isAnyLocalAddress()
                    && NetworkInterface.getByInetAddress(address) == null) {
                LOG.warn("{}: not listening on {}: this machine has no such address", name, host);
            } else {
                bound.add(ports.listen(new InetSocketAddress(address, port), server::accept));
            }
        }
        return bound;
    }

    /**
     * Serves what is mounted on the router at a unix domain socket.
     *
     * @throws IOException if that is not possible, saying why
     */
    void serve(Path socket, Router router) throws IOException {
        ports.listen(socket, server(() -> router)::accept);
    }

    private HttpServer server(Supplier<Router> router) {
        HttpServer server = new HttpServer(router, HttpLimits.standard());
        servers.add(server);
        return server;
    }

    /** Stops listening and closes every connection. */
    @Override
    public void close() {
        servers.forEach(HttpServer::close);
        ports.close();
    }
}
