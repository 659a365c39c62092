package io.chasqui.server.health;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code chasqui health}: whether a broker takes clients, for container engines and scripts. Uses
 * nothing but the class library, so that asking often costs little.
 */
@Command(
        name = "health",
        description = "Asks a broker whether it takes clients; exit status 0 if it does, 1 if not.",
        mixinStandardHelpOptions = true)
public final class HealthCommand implements Callable<Integer> {

    private static final int TIMEOUT_MS = 5_000;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "What to ask. Default: /health/ready at port $CHASQUI_HTTP_PORT or 15672.")
    private String url = "http://127.0.0.1:" + port() + "/health/ready";

    private static String port() {
        String port = System.getenv("CHASQUI_HTTP_PORT");
        return port == null || port.isEmpty() || port.equals("auto") ? "15672" : port;
    }

    /** Asks about the broker at the default address. */
    public HealthCommand() {}

    /** Asks this URL, unless an option says otherwise. */
    public HealthCommand(String url) {
        this.url = url;
    }

    @Override
    public Integer call() {
        try {
            HttpURLConnection asking = (HttpURLConnection) URI.create(url).toURL().openConnection();
            asking.setConnectTimeout(TIMEOUT_MS);
            asking.setReadTimeout(TIMEOUT_MS);
            boolean well = asking.getResponseCode() == HttpURLConnection.HTTP_OK;
            try (InputStream answer = well ? asking.getInputStream() : asking.getErrorStream()) {
                if (answer != null) {
                    System.out.println(new String(answer.readAllBytes(), UTF_8).strip());
                }
            }
            return well ? 0 : 1;
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("chasqui: " + url + ": " + e.getMessage());
            return 1;
        }
    }
}
