package io.chasqui.server.fuzz;

/** How far a connection has come before a peer begins to misbehave. */
enum Stage {
    /** Nothing is said. */
    CONNECTED,
    /** The broker has sent connection.start. */
    STARTED,
    /** The broker has sent connection.tune. */
    LOGGED_IN,
    /** The limits are agreed on. */
    TUNED,
    /** The virtual host is open. */
    OPEN,
    /** Channel 1 is open. */
    CHANNEL
}
