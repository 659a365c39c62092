package io.chasqui.server.config;

/** Something wrong with the configuration. */
record Problem(Place place, String what) {

    /** Place and complaint in one line, then what stands there, with a mark below it. */
    @Override
    public String toString() {
        return place + ": " + what + place.excerpt();
    }
}
