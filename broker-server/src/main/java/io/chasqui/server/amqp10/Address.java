package io.chasqui.server.amqp10;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.core.exchange.DefaultExchange;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.protocol.amqp10.MalformedException;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/**
 * What a client addresses, in RabbitMQ's second version of addresses: {@code /queues/:queue}, {@code
 * /exchanges/:exchange}, {@code /exchanges/:exchange/:routing-key}, each part percent-encoded. A name
 * that does not begin with a slash is a queue's.
 */
sealed interface Address {

    /** The exchange that topics of JMS are on. */
    String TOPICS = "amq.topic";

    /** A queue, to send to or to receive from. */
    record Queue(String name) implements Address {}

    /** A topic of JMS: a routing key, or a pattern of them, on {@link #TOPICS}. */
    record Topic(String name) implements Address {}

    /** An exchange, to send to under a routing key. */
    record Exchange(String name, String routingKey) implements Address {}

    String QUEUES = "/queues/";
    String EXCHANGES = "/exchanges/";

    /**
     * @throws MalformedException if it is none of these
     */
    static Address parse(String address) {
        if (address.startsWith(QUEUES)) {
            return queue(decode(address, address.substring(QUEUES.length())), address);
        }
        if (address.startsWith(EXCHANGES)) {
            return exchange(address);
        }
        if (address.startsWith("/")) {
            throw bad(address, "it begins neither with /queues/ nor with /exchanges/");
        }
        return queue(address, address);
    }

    /**
     * Checks that a queue is there, before anybody asks whether it may be used: a missing one is never
     * called forbidden.
     *
     * @throws Refusal.NotFound if it is not
     */
    static void checkQueue(String name, VirtualHost vhost) {
        if (vhost.queue(name) == null) {
            throw new Refusal.NotFound("no queue '%s' in vhost '%s'".formatted(name, vhost.name()));
        }
    }

    /**
     * As {@link #parse}, of an address in a source, target or message.
     *
     * @param topic whether a topic is meant where that is a name only
     * @throws Amqp10Error if it makes no sense
     */
    static Address read(String address, boolean topic) {
        if (topic && !address.isEmpty() && !address.startsWith("/")) {
            return new Topic(address);
        }
        try {
            return parse(address);
        } catch (MalformedException e) {
            throw Amqp10Error.link(Amqp10Error.INVALID_FIELD, e.text());
        }
    }

    /** The address of a queue. */
    static String ofQueue(String name) {
        return QUEUES + URLEncoder.encode(name, UTF_8).replace("+", "%20");
    }

    private static Address queue(String name, String address) {
        if (name.isEmpty()) {
            throw bad(address, "it names no queue");
        }
        return new Queue(name);
    }

    private static Address exchange(String address) {
        String rest = address.substring(EXCHANGES.length());
        int slash = rest.indexOf('/');
        String exchange = decode(address, slash < 0 ? rest : rest.substring(0, slash));
        if (exchange.isEmpty()) {
            throw bad(address, "it names no exchange");
        }
        return new Exchange(exchange, slash < 0 ? "" : decode(address, rest.substring(slash + 1)));
    }

    private static String decode(String address, String encoded) {
        if (encoded.indexOf('/') >= 0) {
            throw bad(address, "it has too many parts; a slash in a name is written %2F");
        }
        ByteArrayOutputStream octets = new ByteArrayOutputStream(encoded.length());
        int c;
        for (int i = 0; i < encoded.length(); i += Character.charCount(c)) {
            c = encoded.codePointAt(i);
            if (c == '%') {
                boolean whole = i + 2 < encoded.length();
                int high = whole ? digit(encoded, i + 1) : -1;
                int low = whole ? digit(encoded, i + 2) : -1;
                if (high < 0 || low < 0) {
                    throw bad(address, "it is not percent-encoded well");
                }
                octets.write(high << 4 | low);
                i += 2;
            } else {
                octets.writeBytes(Character.toString(c).getBytes(UTF_8));
            }
        }
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(octets.toByteArray())).toString();
        } catch (CharacterCodingException _) {
            throw bad(address, "it is not UTF-8");
        }
    }

    private static int digit(String encoded, int at) {
        return Character.digit(encoded.charAt(at), 16);
    }

    private static MalformedException bad(String address, String why) {
        return new MalformedException("bad address '" + address + "': " + why);
    }

    /** Where a message sent to it is published to. */
    default String exchangeName() {
        return switch (this) {
            case Queue _ -> DefaultExchange.NAME;
            case Topic _ -> TOPICS;
            case Exchange exchange -> exchange.name();
        };
    }

    /** The routing key of a message sent to it. */
    default String key() {
        return switch (this) {
            case Queue queue -> queue.name();
            case Topic topic -> topic.name();
            case Exchange exchange -> exchange.routingKey();
        };
    }
}
