package io.chasqui.server.perf;

import java.io.Closeable;
import java.io.IOException;

/** A connection to the broker, used by one thread, and only to be stopped by others. */
interface Line extends Closeable {

    /** From any thread: makes the broker say something, so that a thread that waits may notice. */
    void wake() throws IOException;

    /** From any thread: ends it, whatever its thread is waiting for. */
    void abort() throws IOException;

    /** Says good-bye and waits for the answer, so that the broker has read all that was sent. */
    @Override
    void close() throws IOException;
}
