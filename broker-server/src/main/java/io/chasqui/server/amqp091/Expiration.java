package io.chasqui.server.amqp091;

import io.chasqui.protocol.amqp091.MethodId;
import java.math.BigInteger;

/**
 * The expiration property of a message: a time to live in milliseconds, spelt in decimal digits
 * because the property is a string. What is refused, and in which words, is RabbitMQ's.
 */
final class Expiration {

    /** Ten years, the longest time that RabbitMQ takes. */
    private static final long MAX_MS = 315_360_000_000L;

    /** Digits that surely fit a long. */
    private static final int PLAIN_DIGITS = 12;

    /** Columns in which RabbitMQ prints a term before it breaks the line. */
    private static final int LINE = 80;

    private Expiration() {}

    /**
     * Reads the property.
     *
     * @throws io.chasqui.protocol.amqp091.ProtocolException 406, on the channel, if it is no number or
     *     out of range
     */
    static long milliseconds(String text) {
        int digits = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        int end = digits;
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        if (end == digits) {
            throw invalid(text, "no_integer");
        }
        if (end < text.length()) {
            throw invalid(text, "{leftover_string,\"" + text.substring(end) + "\"}");
        }
        if (digits == 0 && end <= PLAIN_DIGITS) {
            long ms = Long.parseLong(text);
            if (ms <= MAX_MS) {
                return ms;
            }
        }
        return inRange(text, new BigInteger(text));
    }

    private static boolean isDigit(char octet) {
        return octet >= '0' && octet <= '9';
    }

    private static long inRange(String text, BigInteger value) {
        if (value.signum() < 0) {
            throw invalid(text, "{value_negative,", value);
        }
        if (value.compareTo(BigInteger.valueOf(MAX_MS)) > 0) {
            throw invalid(text, "{value_too_large,", value);
        }
        return value.longValueExact();
    }

    private static RuntimeException invalid(String text, String tuple, BigInteger value) {
        int column = prefix(text).length();
        boolean fits = column + tuple.length() + value.toString().length() + 1 <= LINE;
        return invalid(text, tuple + (fits ? "" : "\n" + " ".repeat(column + 1)) + value + "}");
    }

    private static RuntimeException invalid(String text, String fault) {
        return Violations.preconditionFailed(prefix(text) + fault, MethodId.BASIC_PUBLISH);
    }

    private static String prefix(String text) {
        return "invalid expiration '" + text + "': ";
    }
}
