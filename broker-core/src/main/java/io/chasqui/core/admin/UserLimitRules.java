package io.chasqui.core.admin;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.DefinitionChange.UserLimitsSet;
import io.chasqui.core.policy.Limit;
import io.chasqui.core.refusal.Refusal;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The rules by which users are limited. A limit counts for what is opened after it was set. */
public final class UserLimitRules {

    private final Changes changes;

    UserLimitRules(Changes changes) {
        this.changes = changes;
    }

    /**
     * Sets one limit; a negative one bounds nothing.
     *
     * @param value an integer
     * @throws Refusal.NotFound if there is no such user
     * @throws Refusal.PreconditionFailed with RabbitMQ's text if it is no limit of a user
     */
    public long set(String user, String limit, @Nullable Object value) {
        return change(user, limits -> limits.with(limit, value));
    }

    /** Sets all limits of a user at once, as {@link #set} does. */
    public long setAll(String user, Arguments limits) {
        return change(user, _ -> limits);
    }

    /**
     * Takes one limit away; does nothing if it is not there.
     *
     * @throws Refusal.NotFound if there is no such user
     */
    public long clear(String user, String limit) {
        return change(user, limits -> limits.without(limit));
    }

    private long change(String user, UnaryOperator<Arguments> change) {
        return changes.locked(() -> {
            changes.existingUser(user);
            Arguments now = changes.accounts().limits(user);
            Arguments next = change.apply(now);
            if (next.equals(now)) {
                return 0L;
            }
            Limit.checkUser(next);
            return changes.commit(new UserLimitsSet(user, next));
        });
    }
}
