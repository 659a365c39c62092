package io.chasqui.server.config;

/**
 * Whether and where a port is listened on.
 *
 * @param port its number; 0 lets the system choose
 */
public record PortChoice(Insistence insistence, int port) {

    /** What becomes of a broker that cannot have its port. */
    public enum Insistence {
        /** It does not start. */
        FIXED,

        /** It does without: several brokers on one machine. */
        IF_FREE,

        /** It does not ask for one. */
        OFF
    }

    static final PortChoice NONE = new PortChoice(Insistence.OFF, 0);

    static PortChoice fixed(int port) {
        return new PortChoice(Insistence.FIXED, port);
    }

    static PortChoice ifFree(int port) {
        return new PortChoice(Insistence.IF_FREE, port);
    }
}
