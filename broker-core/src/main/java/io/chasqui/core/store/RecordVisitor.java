package io.chasqui.core.store;

import java.nio.ByteBuffer;

/** Receives the engine's records in the order they were appended, when the log is opened. */
@FunctionalInterface
public interface RecordVisitor {

    /**
     * An intact record. {@link RecordLayout} reads its header.
     *
     * @param buffer holds it from {@code at}; valid during this call, absolute reads only
     * @param length bytes with header, without padding
     */
    void record(long lsn, ByteBuffer buffer, int at, int length);

    /**
     * Durable records in {@code [range.from, range.to)} are lost; the visit goes on behind them.
     */
    default void damaged(DamagedRange range) {}
}
