package io.chasqui.core.session;

/** Takes the answer to basic.get: either {@link #empty()}, or {@link #found} and one delivery. */
public interface GetSink extends DeliverySink {

    void empty();

    /** A message follows; {@code remaining} more are ready behind it. */
    void found(long remaining);
}
