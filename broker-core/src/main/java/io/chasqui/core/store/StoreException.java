package io.chasqui.core.store;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The store cannot go on: a file this release does not understand, a data directory that is not
 * ours, or a disk that refused a write or a sync. The message names file, offset and version and is
 * meant for the operator. After one of these the broker stops or does not start; it never guesses.
 */
public sealed class StoreException extends RuntimeException permits RealDisk.InUse {

    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    static StoreException of(String format, Object... values) {
        return new StoreException(String.format(Locale.ROOT, format, values));
    }

    static StoreException unknownVersion(String file, int version, int known) {
        return of(
                "%s has format version %d; this release reads version %d only. "
                        + "Start it with the release that wrote it.",
                file, version, known);
    }

    static StoreException unknownRecord(String file, long offset, int type) {
        return of(
                "%s, offset %d: an intact record of type %d, which this release does not know. "
                        + "Start it with the release that wrote it.",
                file, offset, type);
    }
}
