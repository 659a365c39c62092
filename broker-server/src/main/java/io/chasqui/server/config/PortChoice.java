package io.chasqui.server.config;

/** Whether and where a port is listened on. */
public sealed interface PortChoice {

    /** This very port; a broker that cannot have it does not start. 0 lets the system choose. */
    record Fixed(int port) implements PortChoice {}

    /** This port, or none if somebody else has it: several brokers on one machine. */
    record IfFree(int port) implements PortChoice {}

    record Off() implements PortChoice {}
}
