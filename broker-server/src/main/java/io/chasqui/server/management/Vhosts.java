package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.server.http.HttpRefusal;
import java.util.Comparator;
import java.util.List;

/** The virtual hosts that a call is about. */
final class Vhosts {

    private Vhosts() {}

    /** Those that whoever asks may enter, ordered by name. */
    static List<VirtualHost> seen(Broker broker, Call call) {
        return broker.vhosts().all().stream()
                .filter(vhost -> call.caller().mayEnter(vhost.name()))
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
            throw new HttpRefusal(404, "not_found", "vhost_not_found");
        }
        return vhost;
    }
}
