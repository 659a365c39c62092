package io.chasqui.server.management;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the launcher knows of the process and its ports.
 *
 * @param memoryUsedBytes as the memory alarm reckons it
 * @param memoryLimitBytes above which publishers are blocked
 * @param listening where connections are accepted just now
 * @param certificateExpires of the broker's own certificates
 */
public record NodeGauges(
        LongSupplier memoryUsedBytes,
        LongSupplier memoryLimitBytes,
        Supplier<List<Listening>> listening,
        Expiry certificateExpires) {

    /** Tells when something ends. */
    @FunctionalInterface
    public interface Expiry {

        /** Empty if there is no such thing. */
        Optional<Instant> at() throws IOException;
    }
}
