package io.chasqui.core.exchange;

/** Takes what an exchange finds. The same destination may come more than once. */
public interface RouteSink {

    void add(Destination destination);
}
