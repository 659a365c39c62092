package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.definition.PolicyKind;
import io.chasqui.core.security.Authenticator;
import io.chasqui.core.time.Clock;
import io.chasqui.server.http.Router;
import io.chasqui.server.message.MessageDesk;

/** All there is below {@code /api}: one line for each kind of resource. */
public final class Management {

    private Management() {}

    /** What the administration socket has of it: whoever can open that need not log in. */
    public static void administer(Router router, Broker broker, String version) {
        Identity local = _ -> new LogIns.Outcome.Accepted(Caller.local(broker.accounts()));
        mountDefinitions(new Api(router, local, broker.vhosts()), broker, version);
    }

    /** What is defined beside queues, exchanges, users and virtual hosts, and all of it at once. */
    private static void mountDefinitions(Api api, Broker broker, String version) {
        for (PolicyKind kind : PolicyKind.values()) {
            new PolicyResource(broker, kind).mount(api);
        }
        new ParameterResource(broker).mount(api);
        new LimitResource(broker).mount(api);
        new TopicPermissionResource(broker).mount(api);
        new DefinitionResource(broker, version).mount(api);
    }

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
        LiveView live = new LiveView(broker, node, sampler);
        ClusterName cluster = new ClusterName(broker, node);
        new SelfResource(node, cluster).mount(api);
        new OverviewResource(broker, sampler, node, gauges, cluster).mount(api);
        new NodeResource(broker, sampler, node, gauges).mount(api);
        new VhostResource(broker, sampler, node).mount(api);
        new UserResource(broker).mount(api);
        new PermissionResource(broker).mount(api);
        new ExchangeResource(broker, errands, sampler).mount(api);
        new QueueResource(broker, errands, queues, live, sampler, node).mount(api);
        new MessageResource(broker, errands, desk).mount(api);
        new ConnectionResource(broker, live).mount(api);
        new BindingResource(broker, errands).mount(api);
        new HealthResource(broker, node, gauges, errands, clock).mount(api);
        new FixedResource(node).mount(api);
        mountDefinitions(api, broker, node.productVersion());
        return sampler;
    }
}
