package io.chasqui.protocol.amqp091;

/** Class 30: tickets of 0-8, which old clients still ask for (errata; not in 0-9-1's grammar). */
public sealed interface AccessMethod extends Method {

    record Request(
            String realm,
            boolean exclusive,
            boolean passive,
            boolean active,
            boolean write,
            boolean read)
            implements AccessMethod {}

    record RequestOk(int ticket) implements AccessMethod {}
}
