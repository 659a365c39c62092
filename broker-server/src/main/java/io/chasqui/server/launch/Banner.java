package io.chasqui.server.launch;

import io.chasqui.server.config.BrokerConfig;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a broker says of itself when it has started. */
final class Banner {

    private Banner() {}

    static void print(BrokerConfig configuration, Server server, PrintStream out) {
        out.printf(
                Locale.ROOT,
                """
                Chasqui %s
                  node     %s
                  java     %s, %d processors, heap up to %d MiB
                  data     %s
                  amqp     %s
                  amqps    %s
                  http     %s
                  metrics  %s
                """,
                Version.current(),
                NodeName.of(configuration.identity()),
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                Runtime.getRuntime().maxMemory() >> 20,
                configuration.dataDir().toAbsolutePath().normalize(),
                hostsAndPorts(server.addresses()),
                hostsAndPorts(server.tlsAddresses()),
                hostsAndPorts(server.httpAddresses()),
                metricsUrls(server.metricsAddresses()));
    }

    private static String hostsAndPorts(List<InetSocketAddress> addresses) {
        return addresses.isEmpty()
                ? "off"
                : addresses.stream().map(Banner::hostAndPort).collect(Collectors.joining(" "));
    }

    private static String metricsUrls(List<InetSocketAddress> addresses) {
        return addresses.isEmpty()
                ? "off"
                : addresses.stream()
                        .map(address -> "http://" + hostAndPort(address) + "/metrics")
                        .collect(Collectors.joining(" "));
    }

    /** Where clients connect to, each behind a space. */
    static String urls(Server server) {
        return Stream.concat(
                        server.addresses().stream()
                                .map(address -> " amqp://" + hostAndPort(address)),
                        server.tlsAddresses().stream()
                                .map(address -> " amqps://" + hostAndPort(address)))
                .collect(Collectors.joining());
    }

    private static String hostAndPort(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + shortened(host) + "]" : host) + ":" + address.getPort();
    }

    /** The usual spelling of the two IPv6 addresses that everybody meets. */
    private static String shortened(String host) {
        return switch (host) {
            case "0:0:0:0:0:0:0:1" -> "::1";
            case "0:0:0:0:0:0:0:0" -> "::";
            default -> host;
        };
    }
}
