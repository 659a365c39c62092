package io.chasqui.core.session;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who a session is for, as the broker needs to know. */
public interface SessionClient {

    /** RabbitMQ's names of protocols. */
    String AMQP_0_9_1 = "AMQP 0-9-1";

    String AMQP_1_0 = "AMQP 1-0";

    /** The peer and our end, for people: {@code 127.0.0.1:50112 -> 127.0.0.1:5672}. */
    String name();

    /** What the client calls itself; empty if it does not. Any thread. */
    String product();

    /** What it speaks, {@link #AMQP_0_9_1} or {@link #AMQP_1_0} if it is a connection. */
    String protocol();

    /** What else is to be told of the connection in events, by RabbitMQ's names. */
    default Map<String, @Nullable Object> facts() {
        return Map.of();
    }

    /**
     * Whether this is a connection, which people look after and limits count, and not one request
     * of somebody who asks over HTTP. Any thread.
     */
    boolean isConnection();

    /** The connection as it is just now; empty if it is none, or is about to end. On the shard. */
    Optional<ClientReport> report();

    /**
     * The broker ends the session: tell the client, and close. Called on the session's shard.
     *
     * @param reason in RabbitMQ's words: {@code vhost 'v' is deleted}
     */
    void endedByBroker(String reason);
}
