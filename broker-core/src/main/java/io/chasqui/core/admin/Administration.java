package io.chasqui.core.admin;

import io.chasqui.core.definition.DefinitionChange;
import io.chasqui.core.definition.DefinitionChange.ParameterSet;
import io.chasqui.core.definition.DefinitionChange.PermissionCleared;
import io.chasqui.core.definition.DefinitionChange.PermissionSet;
import io.chasqui.core.definition.DefinitionChange.UserDeleted;
import io.chasqui.core.definition.DefinitionChange.UserPut;
import io.chasqui.core.definition.DefinitionChange.VirtualHostAdded;
import io.chasqui.core.definition.DefinitionChange.VirtualHostDeleted;
import io.chasqui.core.definition.DefinitionListener;
import io.chasqui.core.definition.MetadataStore;
import io.chasqui.core.definition.PermissionDefinition;
import io.chasqui.core.definition.QueueType;
import io.chasqui.core.definition.UserDefinition;
import io.chasqui.core.definition.VirtualHostDescription;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.security.Accounts;
import io.chasqui.core.security.InvalidPatternException;
import io.chasqui.core.security.Permission;
import io.chasqui.core.session.Sessions;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.core.vhost.VirtualHosts;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What an administrator may do with users, virtual hosts and permissions. Every change is decided,
 * recorded and replayed like those of queues and exchanges, and reaches open sessions at once.
 *
 * <p>Changes answer with the log position that must be durable before anybody is told. Any thread;
 * the lock of {@link Changes} orders them, and is taken before the lock of a virtual host, never after.
 */
public final class Administration {

    private final Accounts accounts;
    private final VirtualHosts vhosts;
    private final Sessions sessions;
    private final Changes changes;
    private final TopicPermissionRules topicPermissions;
    private final UserLimitRules userLimits;
    private final GlobalParameterRules globalParameters;

    private volatile boolean founded;

    public Administration(
            Accounts accounts,
            VirtualHosts vhosts,
            MetadataStore metadata,
            Sessions sessions,
            DefinitionListener listener) {
        this.accounts = accounts;
        this.vhosts = vhosts;
        this.sessions = sessions;
        this.changes = new Changes(accounts, vhosts, metadata, this::replay, listener);
        this.topicPermissions = new TopicPermissionRules(changes);
        this.userLimits = new UserLimitRules(changes);
        this.globalParameters = new GlobalParameterRules(changes);
    }

    /** Which routing keys users may use. */
    public TopicPermissionRules topicPermissions() {
        return topicPermissions;
    }

    /** How much users may use at once. */
    public UserLimitRules userLimits() {
        return userLimits;
    }

    /** Values kept for whoever asks for them. */
    public GlobalParameterRules globalParameters() {
        return globalParameters;
    }

    /** Makes a recorded change take effect again. A second time does nothing. */
    public void replay(DefinitionChange change) {
        if (change instanceof DefinitionChange.OfAccess access) {
            founded = true;
            accounts.replay(access);
        } else if (change instanceof DefinitionChange.OfParameter parameter
                && parameter.vhost().isEmpty()) {
            globalParameters.replay(parameter);
        } else {
            if (change instanceof VirtualHostDeleted deleted) {
                accounts.virtualHostDeleted(deleted.vhost());
            }
            vhosts.replay(change);
        }
    }

    /** A checkpoint says that users were kept here before, though it may list none. */
    public void founded() {
        founded = true;
    }

    /** Whether users were ever kept here, even if there are none any more. Any thread. */
    public boolean isFounded() {
        return founded;
    }

    /**
     * Gives a data directory without users, new or of a release that kept none, its first one, who
     * may do everything in the virtual host. Later configurations change nothing.
     */
    public void found(String vhost, Supplier<UserDefinition> user) {
        changes.locked(() -> {
            if (founded) {
                return 0L;
            }
            if (vhosts.find(vhost) == null) {
                addVirtualHost(vhost);
            }
            UserDefinition first = user.get();
            putUser(first);
            setPermission(vhost, new PermissionDefinition(first.name(), ".*", ".*", ".*"));
            return 0L;
        });
    }

    // -- virtual hosts

    /**
     * Adds a virtual host; does nothing if there is one of that name.
     *
     * @throws Refusal.PreconditionFailed if the name is empty
     */
    public long addVirtualHost(String name) {
        checkName("vhost", name);
        return changes.locked(() -> {
            return vhosts.find(name) == null ? changes.commit(new VirtualHostAdded(name)) : 0L;
        });
    }

    /**
     * Says what is told of a virtual host.
     *
     * @throws Refusal.NotFound if there is none
     * @throws Refusal.PreconditionFailed if there is no such type of queues
     */
    public long describeVirtualHost(String name, VirtualHostDescription description) {
        String type = description.defaultQueueType();
        if (!type.isEmpty() && QueueType.named(type).isEmpty()) {
            throw new Refusal.PreconditionFailed(type + " is not a valid queue type");
        }
        return changes.locked(() -> changes.existingVirtualHost(name).describe(description));
    }

    /**
     * Lets a virtual host be deleted, or not.
     *
     * @throws Refusal.NotFound if there is none
     */
    public long protectVirtualHost(String name, boolean isProtected) {
        return changes.locked(() -> {
            VirtualHost vhost = changes.existingVirtualHost(name);
            return vhost.describe(vhost.description().withProtection(isProtected));
        });
    }

    /**
     * Deletes a virtual host with everything in it, and closes the connections to it.
     *
     * @throws Refusal.NotFound if there is none
     * @throws Refusal.PreconditionFailed if it is protected from that
     */
    public long deleteVirtualHost(String name) {
        return changes.locked(() -> {
            VirtualHost vhost = changes.existingVirtualHost(name);
            if (vhost.description().isProtected()) {
                throw new Refusal.PreconditionFailed(
                        "Refusing to delete virtual host '"
                                + name
                                + "' because it is protected from deletion");
            }
            VirtualHost.Deleted deleted = vhost.delete();
            replay(new VirtualHostDeleted(name));
            sessions.end(session -> session.vhost() == vhost, "vhost '" + name + "' is deleted");
            for (Queue queue : deleted.queues()) {
                queue.shard().submit(queue::drop);
            }
            return deleted.position();
        });
    }

    // -- users

    /**
     * Adds a user, or gives the one of that name another password and other tags.
     *
     * @throws Refusal.PreconditionFailed if the name is empty
     */
    public long putUser(UserDefinition user) {
        checkName("user", user.name());
        return changes.locked(() -> {
            return changes.commit(new UserPut(user));
        });
    }

    /**
     * Deletes a user with all permissions, and closes the user's connections.
     *
     * @throws Refusal.NotFound if there is none
     */
    public long deleteUser(String name) {
        return changes.locked(() -> {
            changes.existingUser(name);
            long position = changes.commit(new UserDeleted(name));
            vhosts.all().forEach(vhost -> vhost.routing().changed());
            sessions.end(session -> session.user().equals(name), "user '" + name + "' is deleted");
            return position;
        });
    }

    // -- permissions

    /**
     * Says what a user may do in a virtual host.
     *
     * @throws Refusal.NotFound if there is no such user or virtual host
     * @throws Refusal.PreconditionFailed if one of its texts is no regular expression
     */
    public long setPermission(String vhost, PermissionDefinition permission) {
        try {
            new Permission(permission);
        } catch (InvalidPatternException e) {
            throw new Refusal.PreconditionFailed(
                    "invalid regular expression: " + e.problem() + " at character " + e.at());
        }
        return changes.locked(() -> {
            changes.existingUser(permission.user());
            VirtualHost known = changes.existingVirtualHost(vhost);
            long position = changes.commit(new PermissionSet(vhost, permission));
            known.routing().changed();
            return position;
        });
    }

    /**
     * Takes a user's permissions in a virtual host away; does nothing if there are none.
     *
     * @throws Refusal.NotFound if there is no such user or virtual host
     */
    public long clearPermission(String vhost, String user) {
        return changes.locked(() -> {
            changes.existingUser(user);
            VirtualHost known = changes.existingVirtualHost(vhost);
            if (accounts.permission(user, vhost) == null) {
                return 0L;
            }
            long position = changes.commit(new PermissionCleared(vhost, user));
            known.routing().changed();
            return position;
        });
    }

    // -- for checkpoints

    /** The virtual hosts of one moment. */
    public List<VirtualHost> virtualHosts() {
        return changes.locked(() -> {
            return List.copyOf(vhosts.all());
        });
    }

    /** Lists users and permissions of one moment, as the changes that make equal ones. */
    public void forEachAccessChange(Consumer<DefinitionChange> sink) {
        changes.locked(() -> {
            accounts.forEachChange(sink);
            globalParameters
                    .all()
                    .forEach(parameter -> sink.accept(new ParameterSet("", parameter)));
            return 0L;
        });
    }

    private static void checkName(String kind, String name) {
        if (name.isEmpty()) {
            throw new Refusal.PreconditionFailed("the name of a " + kind + " must not be empty");
        }
    }
}
