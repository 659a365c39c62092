package io.chasqui.server.client;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A client's connection, in whichever protocol: blocking, used by one thread, and only to be stopped by
 * others. Frames gather in {@link #out} until {@link #flush} writes them all at once.
 */
public interface BrokerConnection extends Closeable {

    /** Makes {@link #out} hold this many octets at once; to be called while it is empty. */
    void reserve(int octets);

    /** Where frames to be sent are written. */
    ByteBuffer out();

    /** Writes all that {@link #out} holds; blocks as long as the broker does not take it. */
    void flush() throws IOException;

    /** Whether there is something to read at once. */
    boolean hasInput() throws IOException;

    /**
     * From any thread: makes the broker say something, so that a thread waiting for it may notice
     * that it is to stop. The question changes nothing; shutting down the socket's input would look like
     * a lost connection.
     */
    void wake() throws IOException;

    /** From any thread: ends the connection, whatever its thread is waiting for. */
    void abort() throws IOException;

    /** Says good-bye and waits for the answer, so that the broker has read all that was sent. */
    @Override
    void close() throws IOException;
}
