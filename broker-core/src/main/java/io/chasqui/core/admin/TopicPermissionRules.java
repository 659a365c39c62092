package io.chasqui.core.admin;

import io.chasqui.core.definition.DefinitionChange.TopicPermissionCleared;
import io.chasqui.core.definition.DefinitionChange.TopicPermissionSet;
import io.chasqui.core.definition.TopicPermissionDefinition;
import io.chasqui.core.exchange.DefaultExchange;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.security.InvalidPatternException;
import io.chasqui.core.security.TopicPermission;
import io.chasqui.core.vhost.Changed;
import io.chasqui.core.vhost.VirtualHost;

/** The rules by which topic permissions are given and taken. They reach open sessions at once. */
public final class TopicPermissionRules {

    private final Changes changes;

    TopicPermissionRules(Changes changes) {
        this.changes = changes;
    }

    /**
     * Says under which routing keys a user may use an exchange.
     *
     * @throws Refusal.NotFound if there is no such user or virtual host
     * @throws Refusal.PreconditionFailed if there is no such exchange, or one of its texts is no
     *     regular expression
     */
    public Changed set(String vhost, TopicPermissionDefinition permission) {
        return changes.locked(() -> {
            changes.existingUser(permission.user());
            VirtualHost known = changes.existingVirtualHost(vhost);
            if (!permission.exchange().equals(DefaultExchange.NAME)
                    && known.exchange(permission.exchange()) == null) {
                throw new Refusal.PreconditionFailed(
                        "no exchange '" + permission.exchange() + "' in vhost '" + vhost + "'");
            }
            return put(known, permission);
        });
    }

    /**
     * Does the same whether the exchange is there or not, for definitions, which bring it later.
     *
     * @throws Refusal.NotFound if there is no such user or virtual host
     * @throws Refusal.PreconditionFailed if one of its texts is no regular expression
     */
    public Changed setAhead(String vhost, TopicPermissionDefinition permission) {
        return changes.locked(() -> {
            changes.existingUser(permission.user());
            return put(changes.existingVirtualHost(vhost), permission);
        });
    }

    private Changed put(VirtualHost vhost, TopicPermissionDefinition permission) {
        try {
            new TopicPermission(vhost.name(), permission);
        } catch (InvalidPatternException e) {
            throw new Refusal.PreconditionFailed(
                    "invalid regular expression: " + e.problem() + " at character " + e.at());
        }
        boolean created = !isSet(vhost.name(), permission.user(), permission.exchange());
        long position = changes.commit(new TopicPermissionSet(vhost.name(), permission));
        vhost.routing().changed();
        return new Changed(created, position);
    }

    private boolean isSet(String vhost, String user, String exchange) {
        return changes.accounts().topicPermissions().find(vhost, user, exchange) != null;
    }

    /**
     * Lets a user use every routing key of one exchange again; does nothing if that is so.
     *
     * @throws Refusal.NotFound if there is no such user or virtual host
     */
    public long clear(String vhost, String user, String exchange) {
        return changes.locked(() -> {
            changes.existingUser(user);
            VirtualHost known = changes.existingVirtualHost(vhost);
            return isSet(vhost, user, exchange) ? take(known, user, exchange) : 0L;
        });
    }

    /**
     * Lets a user use every routing key of every exchange again.
     *
     * @throws Refusal.NotFound if there is no such user or virtual host
     */
    public long clear(String vhost, String user) {
        return changes.locked(() -> {
            changes.existingUser(user);
            VirtualHost known = changes.existingVirtualHost(vhost);
            long position = 0;
            for (TopicPermissionDefinition each : changes.accounts().topicPermissions().in(vhost)) {
                if (each.user().equals(user)) {
                    position = take(known, user, each.exchange());
                }
            }
            return position;
        });
    }

    private long take(VirtualHost vhost, String user, String exchange) {
        long position = changes.commit(new TopicPermissionCleared(vhost.name(), user, exchange));
        vhost.routing().changed();
        return position;
    }
}
