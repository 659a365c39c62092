package io.chasqui.core.security;

import io.chasqui.core.definition.Resource;
import io.chasqui.core.definition.UserDefinition;
import io.chasqui.core.refusal.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What one user may do in one virtual host just now: every check sees the newest permissions. Keeps
 * nothing, so it may be shared.
 */
public final class UserAccess implements Access {

    /** What the default exchange is called where permissions are looked up, as in RabbitMQ. */
    private static final String DEFAULT_EXCHANGE = "amq.default";

    /** The tag of users who may publish in others' names. */
    private static final String IMPERSONATOR = "impersonator";

    private final Accounts accounts;
    private final String user;
    private final String vhost;

    public UserAccess(Accounts accounts, String user, String vhost) {
        this.accounts = accounts;
        this.user = user;
        this.vhost = vhost;
    }

    @Override
    public void checkConfigure(Resource resource) {
        check(Right.CONFIGURE, resource);
    }

    @Override
    public void checkWrite(Resource resource) {
        check(Right.WRITE, resource);
    }

    @Override
    public void checkRead(Resource resource) {
        check(Right.READ, resource);
    }

    @Override
    public void checkAny(Resource resource) {
        if (!allows(Right.READ, resource) && !allows(Right.WRITE, resource)) {
            check(Right.CONFIGURE, resource);
        }
    }

    @Override
    public void checkTopicWrite(Resource exchange, String routingKey) {
        TopicPermission permission = topicPermission(exchange);
        if (permission != null && !permission.allowsWrite(routingKey)) {
            throw topicRefused(Right.WRITE, exchange, routingKey);
        }
    }

    @Override
    public void checkTopicRead(Resource exchange, String routingKey) {
        TopicPermission permission = topicPermission(exchange);
        if (permission != null && !permission.allowsRead(routingKey)) {
            throw topicRefused(Right.READ, exchange, routingKey);
        }
    }

    @Override
    public void checkUserId(String claimed) {
        if (!claimed.equals(user) && !mayImpersonate()) {
            throw new Refusal.PreconditionFailed(
                    "user_id property set to '"
                            + claimed
                            + "' but authenticated user was '"
                            + user
                            + "'");
        }
    }

    private boolean mayImpersonate() {
        UserDefinition known = accounts.user(user);
        return known != null && known.tags().contains(IMPERSONATOR);
    }

    private @Nullable TopicPermission topicPermission(Resource exchange) {
        return accounts.topicPermissions().find(vhost, user, exchange.name());
    }

    private Refusal topicRefused(Right right, Resource exchange, String routingKey) {
        return new Refusal.AccessRefused(
                right
                        + " access to topic '"
                        + routingKey
                        + "' in "
                        + exchange
                        + " refused for user '"
                        + user
                        + "'");
    }

    private void check(Right right, Resource resource) {
        if (!allows(right, resource)) {
            throw new Refusal.AccessRefused(
                    right + " access to " + named(resource) + " refused for user '" + user + "'");
        }
    }

    private boolean allows(Right right, Resource resource) {
        @Nullable Permission permission = accounts.permission(user, vhost);
        return permission != null && permission.allows(right, named(resource).name());
    }

    private static Resource named(Resource resource) {
        return resource.name().isEmpty()
                ? new Resource(resource.kind(), DEFAULT_EXCHANGE, resource.vhost())
                : resource;
    }
}
