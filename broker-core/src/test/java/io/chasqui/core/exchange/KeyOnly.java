package io.chasqui.core.exchange;

/** A message without headers. */
public record KeyOnly(String routingKey) implements RoutedMessage {

    @Override
    public Object header(String name) {
        return null;
    }
}
