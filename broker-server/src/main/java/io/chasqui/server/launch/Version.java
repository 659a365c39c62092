package io.chasqui.server.launch;

/** The version of this program, from its jar. */
public final class Version {

    private Version() {}

    /** As clients and users are told. */
    public static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
