package io.chasqui.server.amqp10;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;

/**
 * The name of the queue behind a subscription that has a name: {@code
 * subscription/durable/CONTAINER/NAME}, {@code subscription/shared/CONTAINER/NAME}, with an empty
 * container for those that all clients have in common. Parts are percent-encoded.
 */
final class SubscriptionName {

    /** Behind it Qpid JMS writes what tells apart the links of one subscription. */
    private static final char SUFFIX = '|';

    private static final String GLOBAL = "global";

    private static final int LONGEST = 255;

    private SubscriptionName() {}

    /**
     * @param linkName the subscription's name, perhaps with a suffix
     * @param global whether it is for clients of all containers
     * @throws Amqp10Error if it is too long for a queue's name
     */
    static String of(boolean durable, boolean global, String container, String linkName) {
        int end = linkName.indexOf(SUFFIX);
        String queue =
                (durable ? "subscription/durable/" : "subscription/shared/")
                        + (global ? "" : encode(container))
                        + '/'
                        + encode(end < 0 ? linkName : linkName.substring(0, end));
        if (queue.length() > LONGEST) {
            throw Amqp10Error.link(
                    Amqp10Error.INVALID_FIELD,
                    "container-id and link name are too long for a subscription");
        }
        return queue;
    }

    /**
     * Whether the name of a link says that its subscription is for clients of all containers, as Qpid
     * JMS names such links: {@code NAME|global}, {@code NAME|global2} and so on.
     */
    static boolean isGlobal(String linkName) {
        int suffix = linkName.indexOf(SUFFIX);
        return suffix >= 0 && linkName.startsWith(GLOBAL, suffix + 1);
    }

    private static String encode(String part) {
        return URLEncoder.encode(part, UTF_8).replace("+", "%20");
    }
}
