package io.chasqui.core.session;

import io.chasqui.core.policy.Limit;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.security.Accounts;
import io.chasqui.core.vhost.VirtualHost;
import java.util.OptionalLong;

/**
 * How many sessions and channels virtual hosts and users may have, with RabbitMQ's texts. What asks
 * counts already when it asks, so that of two that come at once neither slips through.
 */
public final class SessionLimits {

    private final Sessions sessions;
    private final Accounts accounts;

    public SessionLimits(Sessions sessions, Accounts accounts) {
        this.sessions = sessions;
        this.accounts = accounts;
    }

    /**
     * @throws Refusal.NotAllowed if the virtual host or the user has more sessions than may be
     */
    public void checkSessions(VirtualHost vhost, String user) {
        OptionalLong ofVhost = vhost.parameters().limit(Limit.MAX_CONNECTIONS);
        if (ofVhost.isPresent()
                && sessions.count(session -> session.vhost().equals(vhost)) > ofVhost.getAsLong()) {
            throw new Refusal.NotAllowed(
                    "access to vhost '%s' refused for user '%s': connection limit (%s) is reached"
                            .formatted(vhost.name(), user, ofVhost.getAsLong()));
        }
        OptionalLong ofUser = Limit.MAX_CONNECTIONS.in(accounts.limits(user));
        if (ofUser.isPresent()
                && sessions.count(session -> session.user().equals(user)) > ofUser.getAsLong()) {
            throw new Refusal.NotAllowed(
                    "connection refused for user '%s': user connection limit (%s) is reached"
                            .formatted(user, ofUser.getAsLong()));
        }
    }

    /**
     * @throws Refusal.NotAllowed if the user has more channels than may be
     */
    void checkChannels(String user) {
        OptionalLong limit = Limit.MAX_CHANNELS.in(accounts.limits(user));
        if (limit.isPresent() && sessions.channels(user) > limit.getAsLong()) {
            throw new Refusal.NotAllowed(
                    ("number of channels opened for user '%s' has reached the maximum allowed user"
                                    + " limit of %s")
                            .formatted(user, limit.getAsLong()));
        }
    }
}
