package io.chasqui.server.management;

import io.chasqui.server.http.HttpRefusal;
import java.util.function.Predicate;

/** What whoever asks must be. */
public enum Need {
    /** Nothing: nobody has to log in. */
    NOBODY("", _ -> true),
    /** A user with any of the tags that open the interface. */
    MANAGEMENT("Not management user", Caller::manages),
    /** The same, with permissions in the virtual host that the path names as {@code vhost}. */
    VHOST("Not management user", Caller::manages),
    /** The same, but that whoever sees the node sees it in every virtual host. */
    VHOST_SEEN("Not management user", Caller::manages),
    /** One who may see the node and other users' connections. */
    MONITORING("Not monitor user", Caller::monitors),
    /** One who may change policies and parameters. */
    POLICYMAKER("User not authorised to access object", Caller::makesPolicies),
    /** The same, with permissions in the virtual host that the path names as {@code vhost}. */
    POLICYMAKER_VHOST("User not authorised to access object", Caller::makesPolicies),
    /** One who may do everything. */
    ADMINISTRATOR("Not administrator user", Caller::isAdministrator);

    private final String otherwise;
    private final Predicate<Caller> met;

    Need(String otherwise, Predicate<Caller> met) {
        this.otherwise = otherwise;
        this.met = met;
    }

    /** Whether the path's virtual host must be one that whoever asks may see. */
    boolean isInVhost() {
        return switch (this) {
            case VHOST, VHOST_SEEN, POLICYMAKER_VHOST -> true;
            case NOBODY, MANAGEMENT, MONITORING, POLICYMAKER, ADMINISTRATOR -> false;
        };
    }

    boolean admits(Caller caller, String vhost) {
        return this == VHOST_SEEN ? caller.sees(vhost) : caller.mayEnter(vhost);
    }

    /** The answer to a look at what is somebody else's, in RabbitMQ's words. */
    static HttpRefusal refused() {
        return new HttpRefusal(401, "not_authorised", POLICYMAKER.otherwise);
    }

    /**
     * @throws HttpRefusal 401 in RabbitMQ's words if the user is not of that kind
     */
    void check(Caller caller) throws HttpRefusal {
        if (!caller.manages()) {
            throw new HttpRefusal(401, "not_authorised", MANAGEMENT.otherwise);
        }
        if (!met.test(caller)) {
            throw new HttpRefusal(401, "not_authorised", otherwise);
        }
    }
}
