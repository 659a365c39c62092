package io.chasqui.protocol.amqp091;

/** Class 85: publisher confirms (errata). */
public sealed interface ConfirmMethod extends Method {

    record Select(boolean noWait) implements ConfirmMethod {}

    record SelectOk() implements ConfirmMethod {}
}
