package io.chasqui.server.amqp10.filter;

/** Whether a message passes a filter. */
@FunctionalInterface
public interface Condition {

    boolean holds(MessageFields message);
}
