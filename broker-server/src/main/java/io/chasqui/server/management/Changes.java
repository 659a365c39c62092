package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.server.http.Response;
import java.util.concurrent.TimeUnit;

/** Answers to changes, once they are on disk. */
public final class Changes {

    /** How long a change may take to get there before the client is told that it has not. */
    private static final long TIMEOUT_S = 30;

    private Changes() {}

    /** Something was made, or, if it was there before, replaced or left as it is. */
    public static Response put(Broker broker, long position, boolean isNew) throws Exception {
        await(broker, position);
        return Response.empty(isNew ? 201 : 204);
    }

    /** Something was changed or taken away. */
    public static Response done(Broker broker, long position) throws Exception {
        await(broker, position);
        return Response.empty(204);
    }

    /** Waits until the log is on disk beyond the position. */
    public static void await(Broker broker, long position) throws Exception {
        broker.durable(position).get(TIMEOUT_S, TimeUnit.SECONDS);
    }
}
