package io.chasqui.protocol.amqp091;

import java.nio.ByteBuffer;

/**
 * The SASL mechanism PLAIN (RFC 4616): {@code [authzid] NUL authcid NUL password}.
 *
 * <p>Acting for somebody else is not offered, so the first part must be empty or the user's own name;
 * RabbitMQ wants it empty. Errors never quote the response.
 */
public final class SaslPlain {

    public static final String MECHANISM = "PLAIN";

    private SaslPlain() {}

    /**
     * @throws ProtocolException 502 if the response is not of this form, or not UTF-8
     */
    public static Credentials parse(LongString response) {
        ByteBuffer octets = response.buffer();
        int first = nul(octets, 0);
        int second = nul(octets, first + 1);
        if (second >= octets.limit() || nul(octets, second + 1) < octets.limit()) {
            throw malformed();
        }
        String authzid = text(octets, 0, first);
        String username = text(octets, first + 1, second);
        if (!authzid.isEmpty() && !authzid.equals(username)) {
            throw malformed();
        }
        return new Credentials(username, text(octets, second + 1, octets.limit()));
    }

    /** Where the next NUL is, or the end. */
    private static int nul(ByteBuffer octets, int from) {
        int at = from;
        while (at < octets.limit() && octets.get(at) != 0) {
            at++;
        }
        return at;
    }

    private static String text(ByteBuffer octets, int from, int to) {
        if (!Utf8.isValid(octets, from, to - from)) {
            throw malformed();
        }
        return Utf8.decodeLossy(octets, from, to - from);
    }

    private static ProtocolException malformed() {
        return ProtocolException.syntaxError("PLAIN response invalid");
    }
}
