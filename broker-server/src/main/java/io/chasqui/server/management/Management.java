package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.security.Authenticator;
import io.chasqui.server.http.Router;

/** All there is below {@code /api}: one line for each kind of resource. */
public final class Management {

    private Management() {}

    public static void mount(
            Router router, Broker broker, Authenticator authenticator, NodeFacts node) {
        LogIns logIns = new LogIns(authenticator, broker.accounts());
        Api api = new Api(router, logIns, broker.vhosts());
        new SelfResource(node).mount(api);
    }
}
