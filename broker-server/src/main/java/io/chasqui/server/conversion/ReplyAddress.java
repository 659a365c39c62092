package io.chasqui.server.conversion;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;

/** Where replies go: a queue's name in 0-9-1, {@code /queues/:queue} in 1.0. */
final class ReplyAddress {

    private static final String QUEUES = "/queues/";

    private ReplyAddress() {}

    /** The address of the queue, percent-encoded. */
    static String toAmqp10(String replyTo) {
        return QUEUES + URLEncoder.encode(replyTo, UTF_8).replace("+", "%20");
    }

    /** The name of the queue if it is the address of one. */
    static String toAmqp091(String address) {
        if (!address.startsWith(QUEUES)) {
            return address;
        }
        String name = address.substring(QUEUES.length());
        try {
            return URLDecoder.decode(name.replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException _) {
            return address; // not percent-encoded: whoever wrote it knows what it means
        }
    }
}
