package io.chasqui.core.security;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.DefinitionChange;
import io.chasqui.core.definition.DefinitionChange.PermissionCleared;
import io.chasqui.core.definition.DefinitionChange.PermissionSet;
import io.chasqui.core.definition.DefinitionChange.TopicPermissionCleared;
import io.chasqui.core.definition.DefinitionChange.TopicPermissionSet;
import io.chasqui.core.definition.DefinitionChange.UserDeleted;
import io.chasqui.core.definition.DefinitionChange.UserLimitsSet;
import io.chasqui.core.definition.DefinitionChange.UserPut;
import io.chasqui.core.definition.PermissionDefinition;
import io.chasqui.core.definition.UserDefinition;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The users there are and what each may do where. Looked up by any thread without a lock; changed by
 * one thread at a time, and only through {@link #replay}.
 */
public final class Accounts {

    private static final Logger LOG = LoggerFactory.getLogger(Accounts.class);

    private final ConcurrentMap<String, UserDefinition> users = new ConcurrentHashMap<>();

    /** By virtual host, then by user. */
    private final ConcurrentMap<String, ConcurrentMap<String, Permission>> permissions =
            new ConcurrentHashMap<>();

    private final TopicPermissions topicPermissions = new TopicPermissions();

    /** Limits of the users that have some. */
    private final ConcurrentMap<String, Arguments> limits = new ConcurrentHashMap<>();

    public @Nullable UserDefinition user(String name) {
        return users.get(name);
    }

    /** A live view in no order. */
    public Collection<UserDefinition> users() {
        return users.values();
    }

    /** What the user may do in the virtual host; null if not even enter it. */
    public @Nullable Permission permission(String user, String vhost) {
        ConcurrentMap<String, Permission> inVhost = permissions.get(vhost);
        return inVhost == null ? null : inVhost.get(user);
    }

    /** Which routing keys users may use on topic exchanges. */
    public TopicPermissions topicPermissions() {
        return topicPermissions;
    }

    /** How much the user may use at once, by RabbitMQ's names. */
    public Arguments limits(String user) {
        return limits.getOrDefault(user, Arguments.EMPTY);
    }

    /** A snapshot of all permissions in a virtual host, in no order. */
    public List<PermissionDefinition> permissionsIn(String vhost) {
        ConcurrentMap<String, Permission> inVhost = permissions.get(vhost);
        return inVhost == null
                ? List.of()
                : inVhost.values().stream().map(Permission::definition).toList();
    }

    /**
     * Makes the change take effect; a second time changes nothing. Asks for one kind after the other,
     * not with a switch: see decision 9, about what takes time at a start.
     */
    public void replay(DefinitionChange.OfAccess change) {
        if (change instanceof UserPut put) {
            users.put(put.user().name(), put.user());
        } else if (change instanceof PermissionSet set) {
            set(set.vhost(), set.permission());
        } else if (change instanceof TopicPermissionSet set) {
            topicPermissions.set(set.vhost(), set.permission());
        } else if (change instanceof UserLimitsSet set) {
            replay(set);
        } else if (change instanceof UserDeleted deleted) {
            users.remove(deleted.user());
            permissions.values().forEach(inVhost -> inVhost.remove(deleted.user()));
            topicPermissions.userDeleted(deleted.user());
            limits.remove(deleted.user());
        } else if (change instanceof PermissionCleared cleared) {
            ConcurrentMap<String, Permission> inVhost = permissions.get(cleared.vhost());
            if (inVhost != null) {
                inVhost.remove(cleared.user());
            }
        } else if (change instanceof TopicPermissionCleared cleared) {
            topicPermissions.clear(cleared.vhost(), cleared.user(), cleared.exchange());
        } else {
            throw new IllegalStateException("no change of access: " + change);
        }
    }

    private void replay(UserLimitsSet set) {
        if (set.limits().isEmpty()) {
            limits.remove(set.user());
        } else {
            limits.put(set.user(), set.limits());
        }
    }

    private void set(String vhost, PermissionDefinition definition) {
        ConcurrentMap<String, Permission> inVhost =
                permissions.computeIfAbsent(vhost, _ -> new ConcurrentHashMap<>());
        try {
            inVhost.put(definition.user(), new Permission(definition));
        } catch (InvalidPatternException e) {
            // Checked before it was recorded, by the release that did.
            LOG.error(
                    "the permissions of user '{}' in vhost '{}' are not understood and not granted:"
                            + " {}",
                    definition.user(),
                    vhost,
                    e.problem());
            inVhost.remove(definition.user());
        }
    }

    /** A virtual host is gone, and what was allowed there. */
    public void virtualHostDeleted(String vhost) {
        permissions.remove(vhost);
        topicPermissions.virtualHostDeleted(vhost);
    }

    /** Lists everything, as the changes that make an equal state. */
    public void forEachChange(Consumer<DefinitionChange> sink) {
        users.values().forEach(user -> sink.accept(new UserPut(user)));
        permissions.forEach((vhost, inVhost) ->
                inVhost.values()
                        .forEach(permission ->
                                sink.accept(new PermissionSet(vhost, permission.definition()))));
        topicPermissions.forEach(
                (vhost, permission) -> sink.accept(new TopicPermissionSet(vhost, permission)));
        limits.forEach((user, bounds) -> sink.accept(new UserLimitsSet(user, bounds)));
    }
}
