package io.chasqui.server.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks a broker through its administration socket, one connection for each request. */
final class AdminClient {

    private final Path socket;

    AdminClient(Path socket) {
        this.socket = socket;
    }

    /** A path of the interface, its names encoded. */
    static String path(String start, String... names) {
        StringBuilder path = new StringBuilder("/api/").append(start);
        for (String name : names) {
            path.append('/').append(URLEncoder.encode(name, UTF_8).replace("+", "%20"));
        }
        return path.toString();
    }

    /** What is there: a list of objects, or one. */
    List<Map<String, Object>> get(String path) {
        return objects(exchange("GET", path, null, ""));
    }

    void put(String path, Map<String, Object> body) {
        exchange("PUT", path, Json.write(body), "");
    }

    /** What is there, as it was sent. */
    byte[] read(String path) {
        return exchange("GET", path, (byte[]) null, "");
    }

    /** Sends JSON as it is. */
    void post(String path, byte[] json) {
        exchange("POST", path, json, "");
    }

    void delete(String path) {
        exchange("DELETE", path, null, "");
    }

    /**
     * @param headers further header lines, each with its line end
     */
    void delete(String path, String headers) {
        exchange("DELETE", path, null, headers);
    }

    private static List<Map<String, Object>> objects(byte[] body) {
        try {
            return Json.readObjects(body);
        } catch (HttpRefusal e) {
            throw new AdminFailure(
                    AdminFailure.FAILED,
                    "the broker's answer is not understood: " + e.getMessage());
        }
    }

    private byte[] exchange(String method, String path, byte @Nullable [] body, String headers) {
        byte[] content = body == null ? new byte[0] : body;
        String head =
                method
                        + " "
                        + path
                        + " HTTP/1.1\r\nHost: chasqui\r\nConnection: close\r\n"
                        + headers
                        + "Content-Type: application/json\r\nContent-Length: "
                        + content.length
                        + "\r\n\r\n";
        byte[] answer;
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            write(channel, head.getBytes(ISO_8859_1));
            write(channel, content);
            answer = readAll(channel);
        } catch (IOException | IllegalArgumentException e) {
            throw new AdminFailure(
                    AdminFailure.UNREACHABLE,
                    "cannot reach a broker at " + socket + ": " + e.getMessage());
        }
        return bodyOf(answer);
    }

    private static void write(SocketChannel channel, byte[] octets) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(octets);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static byte[] readAll(SocketChannel channel) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer piece = ByteBuffer.allocate(64 * 1024);
        while (channel.read(piece) >= 0) {
            all.write(piece.array(), 0, piece.position());
            piece.clear();
        }
        return all.toByteArray();
    }

    private static byte[] bodyOf(byte[] answer) {
        String text = new String(answer, ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0 || !text.startsWith("HTTP/1.1 ") || text.length() < 12) {
            throw new AdminFailure(AdminFailure.UNREACHABLE, "the broker closed the connection");
        }
        byte[] body = text.substring(end + 4).getBytes(ISO_8859_1);
        if (text.charAt(9) != '2') {
            throw new AdminFailure(AdminFailure.FAILED, reason(body, text.substring(9, 12)));
        }
        return body;
    }

    private static String reason(byte[] body, String status) {
        List<Map<String, Object>> refusal = objects(body);
        return refusal.isEmpty()
                ? "status " + status
                : String.valueOf(refusal.getFirst().getOrDefault("reason", "status " + status));
    }
}
