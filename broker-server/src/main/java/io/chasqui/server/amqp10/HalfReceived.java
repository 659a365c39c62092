package io.chasqui.server.amqp10;

/**
 * How much one connection has the broker keep of messages that are not whole yet, on all its links: they
 * are put together in memory, and a client could begin one on each of its many links.
 */
final class HalfReceived {

    /** So many messages of the largest size. */
    private static final int LARGEST_MESSAGES = 4;

    private final long mostBytes;
    private long bytes;

    /**
     * @param maxMessageBytes octets of the largest message
     */
    HalfReceived(long maxMessageBytes) {
        this.mostBytes = LARGEST_MESSAGES * maxMessageBytes;
    }

    /**
     * So many octets more are to be kept.
     *
     * @throws Amqp10Error if that is too much
     */
    void keep(int more) {
        if (bytes + more > mostBytes) {
            throw Amqp10Error.link(
                    Amqp10Error.RESOURCE_LIMIT,
                    "the messages of the connection that are not whole have more than %s octets"
                            .formatted(mostBytes));
        }
        bytes += more;
    }

    /** So many octets are kept no more. */
    void release(int kept) {
        bytes -= kept;
    }
}
