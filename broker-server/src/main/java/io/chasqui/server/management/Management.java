package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.security.Authenticator;
import io.chasqui.core.time.Clock;
import io.chasqui.server.http.Router;
import io.chasqui.server.message.MessageDesk;

/** All there is below {@code /api}: one line for each kind of resource. */
public final class Management {

    private Management() {}

    /**
     * @return to be asked for a tick every {@link Sampler#INTERVAL_MS}
     */
    public static Sampler mount(
            Router router,
            Broker broker,
            Authenticator authenticator,
            Clock clock,
            NodeFacts node,
            NodeGauges gauges,
            MessageDesk desk) {
        LogIns logIns = new LogIns(authenticator, broker.accounts());
        Api api = new Api(router, logIns, broker.vhosts());
        Errands errands = new Errands(broker);
        Sampler sampler = new Sampler(broker, clock);
        QueueView queues = new QueueView(node, sampler);
        LiveView live = new LiveView(broker, node);
        ClusterName cluster = new ClusterName(broker, node);
        new SelfResource(node, cluster).mount(api);
        new OverviewResource(broker, sampler, node, gauges, cluster).mount(api);
        new NodeResource(broker, sampler, node, gauges).mount(api);
        new VhostResource(broker, sampler, node).mount(api);
        new UserResource(broker).mount(api);
        new PermissionResource(broker).mount(api);
        new ExchangeResource(broker, errands).mount(api);
        new QueueResource(broker, errands, queues, live, sampler, node).mount(api);
        new MessageResource(broker, errands, desk).mount(api);
        new ConnectionResource(broker, live).mount(api);
        new BindingResource(broker, errands).mount(api);
        new HealthResource(broker, node, gauges, errands, clock).mount(api);
        new FixedResource(node).mount(api);
        return sampler;
    }
}
