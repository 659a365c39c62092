package io.chasqui.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.server.net.ServicePorts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpServerTest {

    private static final HttpLimits LIMITS = new HttpLimits(4, 1024, 2048, 10_000, 500, 5_000);
    private static final int MANY_LINES = 100_000;

    private final CountDownLatch released = new CountDownLatch(1);
    private final Router router =
            new Router()
                    .get(
                            "/hello/{name}",
                            r -> Response.json(200, Map.of("hello", r.parameter("name"))))
                    .post("/echo", r -> Response.json(200, r.jsonObject()))
                    .get("/query", r -> Response.json(200, r.query()))
                    .get(
                            "/boom",
                            _ -> {
                                throw new IOException("secret");
                            })
                    .get(
                            "/held",
                            _ -> {
                                released.await();
                                return Response.empty(204);
                            })
                    .get(
                            "/many",
                            _ ->
                                    Response.streamed(
                                            200,
                                            "text/plain",
                                            out -> {
                                                for (int i = 0; i < MANY_LINES; i++) {
                                                    out.write((i + "\n").getBytes(US_ASCII));
                                                }
                                            }));
    private final HttpClient client = HttpClient.newHttpClient();
    private ServicePorts ports;
    private HttpServer server;
    private int port;

    @BeforeEach
    void listen() throws IOException {
        start("auto");
    }

    private void start(String transport) throws IOException {
        ports = new ServicePorts(transport);
        server = new HttpServer(() -> router, LIMITS);
        port =
                ports.listen(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                server::accept)
                        .getPort();
    }

    @AfterEach
    void close() {
        released.countDown();
        client.close();
        server.close();
        ports.close();
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .version(HttpClient.Version.HTTP_1_1);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(to(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void a_request_is_answered_by_its_handler() throws Exception {
        HttpResponse<String> answer = get("/hello/a%2Fb");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        assertThat(answer.body()).isEqualTo("{\"hello\":\"a/b\"}");
    }

    @Test
    void bodies_and_queries_are_read() throws Exception {
        HttpResponse<String> echoed =
                client.send(
                        to("/echo")
                                .POST(HttpRequest.BodyPublishers.ofString("{\"a\":[1,2]}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(echoed.body()).isEqualTo("{\"a\":[1,2]}");
        assertThat(get("/query?family=a&family=b%20c").body())
                .isEqualTo("{\"family\":[\"a\",\"b c\"]}");
    }

    @Test
    void what_is_not_there_is_told_in_rabbitmqs_words() throws Exception {
        HttpResponse<String> answer = get("/nothing");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body())
                .isEqualTo("{\"error\":\"Object Not Found\",\"reason\":\"Not Found\"}");
    }

    @Test
    void another_method_is_told_which_are_allowed() throws Exception {
        HttpResponse<String> answer =
                client.send(to("/hello/x").DELETE().build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("allow")).contains("GET, HEAD, OPTIONS");
        assertThat(answer.body())
                .isEqualTo("{\"error\":\"Method Not Allowed\",\"reason\":\"Method Not Allowed\"}");
    }

    @Test
    void options_tells_the_methods() throws Exception {
        HttpResponse<String> answer =
                client.send(
                        to("/echo").method("OPTIONS", HttpRequest.BodyPublishers.noBody()).build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("allow")).contains("OPTIONS, POST");
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void head_has_the_headers_of_get_and_no_body() throws Exception {
        HttpResponse<String> answer =
                client.send(to("/hello/x").HEAD().build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValueAsLong("content-length")).hasValue(13);
        assertThat(answer.body()).isEmpty();
        assertThat(get("/hello/x").body()).hasSize(13);
    }

    @Test
    void a_failure_tells_nothing_of_its_reason() throws Exception {
        HttpResponse<String> answer = get("/boom");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/hello/%zz", "/hello/%"})
    void broken_encoding_is_refused(String path) throws Exception {
        assertThat(raw("GET " + path + " HTTP/1.1\r\nconnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .endsWith("is not properly encoded\"}");
    }

    @Test
    void a_large_body_is_streamed_and_may_be_compressed() throws Exception {
        String plain = get("/many").body();
        assertThat(plain.lines()).hasSize(MANY_LINES);
        HttpResponse<byte[]> compressed =
                client.send(
                        to("/many").header("accept-encoding", "gzip").build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        assertThat(compressed.headers().firstValue("content-encoding")).contains("gzip");
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
            assertThat(new String(in.readAllBytes(), US_ASCII)).isEqualTo(plain);
        }
    }

    @Test
    void a_client_of_http_1_0_gets_its_stream_unchunked() throws Exception {
        String answer = raw("GET /many HTTP/1.0\r\n\r\n");
        assertThat(answer).doesNotContain("chunked").endsWith("\n" + (MANY_LINES - 1) + "\n");
    }

    @Test
    void requests_sent_together_are_answered_in_turn() throws Exception {
        String request = "GET /hello/%d HTTP/1.1\r\n%s\r\n";
        String answer =
                raw(
                        request.formatted(1, "")
                                + request.formatted(2, "")
                                + request.formatted(3, "connection: close\r\n"));
        assertThat(answer.indexOf("{\"hello\":\"1\"}"))
                .isPositive()
                .isLessThan(answer.indexOf("{\"hello\":\"2\"}"));
        assertThat(answer).endsWith("{\"hello\":\"3\"}");
    }

    @Test
    void a_request_may_come_in_pieces() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            for (String piece :
                    "POST /echo HTTP/1.1|\r\ncontent-le|ngth: 7\r\n\r\n|{\"a\"|:1}".split("\\|")) {
                socket.getOutputStream().write(piece.getBytes(US_ASCII));
                assertThat(get("/hello/x").statusCode()).isEqualTo(200);
            }
            assertThat(socket.getInputStream().readNBytes(12))
                    .asString(US_ASCII)
                    .isEqualTo("HTTP/1.1 200");
        }
    }

    @Test
    void a_body_too_large_is_refused() throws Exception {
        assertThat(raw("POST /echo HTTP/1.1\r\ncontent-length: 10001\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ")
                .contains("{\"error\":");
    }

    @Test
    void too_long_a_line_and_too_many_headers_are_refused() throws Exception {
        assertThat(raw("GET /" + "x".repeat(2000) + " HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 414 ");
        assertThat(raw("GET / HTTP/1.1\r\nx: " + "x".repeat(4000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ");
    }

    @Test
    void what_is_no_http_is_refused() throws Exception {
        assertThat(raw("AMQP\0\0\11\1\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void two_lengths_of_one_body_are_refused() throws Exception {
        assertThat(
                        raw(
                                "POST /echo HTTP/1.1\r\ncontent-length: 2\r\n"
                                        + "transfer-encoding: chunked\r\n\r\n{}"))
                .doesNotContain(" 200 ");
    }

    @Test
    void a_request_that_does_not_come_in_time_is_given_up() throws Exception {
        assertThat(raw("GET /hello/x HTTP/1.1\r\n")).isEmpty();
    }

    @Test
    void connections_beyond_the_limit_are_closed_and_others_are_served() throws Exception {
        Socket[] open = new Socket[LIMITS.maxConnections()];
        for (int i = 0; i < open.length; i++) {
            open[i] = new Socket(InetAddress.getLoopbackAddress(), port);
            open[i].getOutputStream().write("GET /held HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
        }
        assertThat(closed("GET /hello/x HTTP/1.1\r\n\r\n")).isTrue();
        released.countDown();
        for (Socket socket : open) {
            assertThat(socket.getInputStream().readNBytes(12))
                    .asString(US_ASCII)
                    .isEqualTo("HTTP/1.1 204");
            socket.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void a_unix_domain_socket_serves_its_owner(String transport, @TempDir Path directory)
            throws Exception {
        close();
        start(transport);
        Path socket = directory.resolve("socket");
        Files.createFile(socket);
        ports.listen(socket, server::accept);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(
                    ByteBuffer.wrap(
                            "GET /hello/x HTTP/1.1\r\nconnection: close\r\n\r\n"
                                    .getBytes(US_ASCII)));
            String answer = new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("{\"hello\":\"x\"}");
        }
    }

    /** Sends octets and reads until the server closes. */
    private String raw(String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(text.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    /** Whether the server closes a connection that sends this, without an answer. */
    private boolean closed(String text) throws IOException {
        try {
            return raw(text).isEmpty();
        } catch (SocketException _) {
            return true; // Reset, because the request was not read.
        }
    }
}
