package io.chasqui.core.boot;

/**
 * Room on the volume with the data directory.
 *
 * @param freeBytes that the broker may use
 * @param limitBytes below which publishers are blocked
 */
public record DiskSpace(long freeBytes, long limitBytes) {

    /** Nobody has looked yet. */
    public static final DiskSpace UNKNOWN = new DiskSpace(-1, -1);
}
