package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.server.http.HttpRefusal;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** The virtual hosts that a call is about. */
final class Vhosts {

    private Vhosts() {}

    /** Those that whoever asks may look into, ordered by name. */
    static List<VirtualHost> seen(Broker broker, Call call) {
        return ordered(broker, call.caller()::mayEnter);
    }

    /** Those that whoever asks may know of, ordered by name. */
    static List<VirtualHost> listed(Broker broker, Call call) {
        return ordered(broker, call.caller()::sees);
    }

    private static List<VirtualHost> ordered(Broker broker, Predicate<String> shown) {
        return broker.vhosts().all().stream()
                .filter(vhost -> shown.test(vhost.name()))
                .sorted(Comparator.comparing(VirtualHost::name))
                .toList();
    }

    /**
     * The one of the path.
     *
     * @throws HttpRefusal if there is none
     */
    static VirtualHost existing(Broker broker, Call call) throws HttpRefusal {
        VirtualHost vhost = broker.vhosts().find(call.vhost());
        if (vhost == null) {
            throw HttpRefusal.notFound();
        }
        return vhost;
    }

    /** The same, for something that is put there: RabbitMQ refuses that in other words. */
    static VirtualHost toChange(Broker broker, Call call) throws HttpRefusal {
        VirtualHost vhost = broker.vhosts().find(call.vhost());
        if (vhost == null) {
            throw notThereToChange();
        }
        return vhost;
    }

    static HttpRefusal notThereToChange() {
        return new HttpRefusal(404, "not_found", "vhost_not_found");
    }
}
