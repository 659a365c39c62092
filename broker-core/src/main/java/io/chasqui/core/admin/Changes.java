package io.chasqui.core.admin;

import io.chasqui.core.definition.DefinitionChange;
import io.chasqui.core.definition.DefinitionChange.UserPut;
import io.chasqui.core.definition.DefinitionListener;
import io.chasqui.core.definition.MetadataStore;
import io.chasqui.core.definition.UserDefinition;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.security.Accounts;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.core.vhost.VirtualHosts;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The one way to change what the whole broker has, which the administration's rooms share: under
 * its lock, recorded, then replayed.
 */
final class Changes {

    private final Accounts accounts;
    private final VirtualHosts vhosts;
    private final MetadataStore metadata;
    private final Consumer<DefinitionChange> replay;
    private final DefinitionListener listener;
    private final ReentrantLock lock = new ReentrantLock();

    Changes(
            Accounts accounts,
            VirtualHosts vhosts,
            MetadataStore metadata,
            Consumer<DefinitionChange> replay,
            DefinitionListener listener) {
        this.accounts = accounts;
        this.vhosts = vhosts;
        this.metadata = metadata;
        this.replay = replay;
        this.listener = listener;
    }

    Accounts accounts() {
        return accounts;
    }

    VirtualHosts vhosts() {
        return vhosts;
    }

    /** Runs a change, or a look at something of one moment, while nothing else changes. */
    <T> T locked(Supplier<T> change) {
        lock.lock();
        try {
            return change.get();
        } finally {
            lock.unlock();
        }
    }

    /** Records the change and makes it effective. Under the lock. */
    long commit(DefinitionChange change) {
        long position = metadata.record(change);
        if (listener.isListening()) {
            listener.changed(
                    change,
                    change instanceof UserPut put && accounts.user(put.user().name()) != null);
        }
        replay.accept(change);
        return position;
    }

    /**
     * @throws Refusal.NotFound if there is none
     */
    UserDefinition existingUser(String name) {
        UserDefinition user = accounts.user(name);
        if (user == null) {
            throw new Refusal.NotFound("no user '" + name + "'");
        }
        return user;
    }

    /**
     * @throws Refusal.NotFound if there is none
     */
    VirtualHost existingVirtualHost(String name) {
        VirtualHost vhost = vhosts.find(name);
        if (vhost == null) {
            throw new Refusal.NotFound("no vhost '" + name + "'");
        }
        return vhost;
    }
}
