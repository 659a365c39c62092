package io.chasqui.server.perf;

import java.io.IOException;

/** How a load is put on a broker in one protocol. */
interface LoadProtocol {

    /** Declares what the plan sends to and consumes from. */
    void declare() throws IOException;

    /** Deletes what {@link #declare} made, unless somebody named it. */
    void delete() throws IOException;

    Outlet outlet() throws IOException;

    /** For a consumer, which begins to consume at once. */
    Inlet inlet(int consumer) throws IOException;
}
