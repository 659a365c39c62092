package io.chasqui.server.amqp091;

import io.chasqui.protocol.amqp091.BasicProperty;
import io.chasqui.protocol.amqp091.ContentHeader;
import io.chasqui.protocol.amqp091.MethodId;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/** What a broker asks of the properties of a message that is published, as RabbitMQ does. */
final class PublishedProperties {

    /** The delivery-mode of a message that shall survive a restart. */
    static final int PERSISTENT = 2;

    private static final int CHECKED =
            BasicProperty.USER_ID.flag() | BasicProperty.EXPIRATION.flag();

    /** The longest expiration, in milliseconds: what fits 32 bits. */
    private static final BigInteger MAX_EXPIRATION = BigInteger.valueOf(0xFFFF_FFFFL);

    private final String user;

    /**
     * @param user who is logged in
     */
    PublishedProperties(String user) {
        this.user = user;
    }

    /**
     * Checks user-id and expiration of the content header at {@code at}.
     *
     * @throws io.chasqui.protocol.amqp091.ProtocolException 406, on the channel
     */
    void check(ByteBuffer head, int at) {
        if ((ContentHeader.propertyFlags(head, at) & CHECKED) == 0) {
            return;
        }
        ContentHeader.text(head, at, BasicProperty.USER_ID).ifPresent(this::checkUserId);
        ContentHeader.expiration(head, at).ifPresent(PublishedProperties::checkExpiration);
    }

    private void checkUserId(String claimed) {
        if (!claimed.equals(user)) {
            throw Violations.preconditionFailed(
                    "user_id property set to '"
                            + claimed
                            + "' but authenticated user was '"
                            + user
                            + "'",
                    MethodId.BASIC_PUBLISH);
        }
    }

    private static void checkExpiration(String text) {
        String fault = expirationFault(text);
        if (!fault.isEmpty()) {
            throw Violations.preconditionFailed(
                    "invalid expiration '" + text + "': " + fault, MethodId.BASIC_PUBLISH);
        }
    }

    /** What is wrong with an expiration, in RabbitMQ's words; empty if nothing is. */
    private static String expirationFault(String text) {
        int digits = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        int end = digits;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        if (end == digits) {
            return "no_integer";
        }
        if (end < text.length()) {
            return "{leftover_string,\"" + text.substring(end) + "\"}";
        }
        BigInteger value = new BigInteger(text);
        if (value.signum() < 0) {
            return "{value_negative," + value + "}";
        }
        return value.compareTo(MAX_EXPIRATION) > 0 ? "{value_too_big," + value + "}" : "";
    }
}
