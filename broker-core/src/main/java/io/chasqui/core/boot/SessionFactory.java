package io.chasqui.core.boot;

import io.chasqui.core.event.EventExchange;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.security.Accounts;
import io.chasqui.core.security.UserAccess;
import io.chasqui.core.session.IneffectiveArguments;
import io.chasqui.core.session.Session;
import io.chasqui.core.session.SessionClient;
import io.chasqui.core.session.SessionLimits;
import io.chasqui.core.session.Sessions;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.core.vhost.VirtualHosts;
import java.util.concurrent.atomic.AtomicLong;

/** Lets users who have logged in into virtual hosts, if they may and there is room. Any thread. */
final class SessionFactory {

    private final VirtualHosts vhosts;
    private final Accounts accounts;
    private final Sessions sessions;
    private final SessionLimits limits;
    private final MessageStore store;
    private final EventExchange events;
    private final IneffectiveArguments ineffective = new IneffectiveArguments();
    private final AtomicLong nextId = new AtomicLong(1);

    SessionFactory(
            VirtualHosts vhosts,
            Accounts accounts,
            Sessions sessions,
            MessageStore store,
            EventExchange events) {
        this.vhosts = vhosts;
        this.accounts = accounts;
        this.sessions = sessions;
        this.limits = new SessionLimits(sessions, accounts);
        this.store = store;
        this.events = events;
    }

    /** See {@link Broker#openSession}. */
    Session open(String user, String vhost, Shard shard, SessionClient client) {
        VirtualHost in = vhosts.existing(vhost);
        Session session =
                new Session(
                        nextId.getAndIncrement(),
                        user,
                        in,
                        new UserAccess(accounts, user, vhost),
                        client,
                        sessions,
                        limits,
                        shard,
                        store,
                        ineffective,
                        events);
        sessions.add(session);
        // Asked once it can be found: whoever deletes user or virtual host after that ends it.
        try {
            if (client.isConnection()) {
                limits.checkSessions(in, user);
            }
        } catch (Refusal refusal) {
            session.close();
            throw refusal;
        }
        if (accounts.permission(user, vhost) == null) {
            session.close();
            throw new Refusal.NotAllowed(
                    "access to vhost '" + vhost + "' refused for user '" + user + "'");
        }
        if (!in.equals(vhosts.find(vhost))) {
            session.close();
            return open(user, vhost, shard, client);
        }
        session.opened();
        return session;
    }
}
