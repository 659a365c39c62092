package io.chasqui.server.http;

/**
 * What clients of the HTTP server are held to.
 *
 * @param maxConnections open at once; those beyond are closed at once
 * @param maxLineBytes of the request line
 * @param maxHeaderBytes of all header fields together
 * @param maxBodyBytes of a request
 * @param requestTimeoutMs from a connection's opening, or its last answer, to the end of its next
 *     request: ends idle connections as well as requests that drip in
 * @param writeTimeoutMs for one piece of an answer to be taken off
 */
public record HttpLimits(
        int maxConnections,
        int maxLineBytes,
        int maxHeaderBytes,
        int maxBodyBytes,
        int requestTimeoutMs,
        int writeTimeoutMs) {

    public static HttpLimits standard() {
        return new HttpLimits(256, 8192, 16_384, 20 << 20, 60_000, 30_000);
    }
}
