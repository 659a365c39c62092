package io.chasqui.server.management;

import io.chasqui.core.definition.UserDefinition;
import io.chasqui.core.security.Accounts;
import java.util.List;

/**
 * Whoever asks: a user who has logged in, with the tags of that moment.
 *
 * @param accounts where permissions are looked up
 */
public record Caller(String user, List<String> tags, Accounts accounts) {

    static Caller of(UserDefinition user, Accounts accounts) {
        return new Caller(user.name(), user.tags(), accounts);
    }

    public boolean isAdministrator() {
        return tags.contains("administrator");
    }

    /** Whether other users' connections and the node's state are shown. */
    public boolean monitors() {
        return isAdministrator() || tags.contains("monitoring");
    }

    /** Whether policies and parameters may be changed. */
    public boolean makesPolicies() {
        return isAdministrator() || tags.contains("policymaker");
    }

    /** Whether the interface may be used at all. */
    public boolean manages() {
        return monitors() || makesPolicies() || tags.contains("management");
    }

    /** Whoever can open the socket of the administration, and no user, whose names are not empty. */
    static Caller local(Accounts accounts) {
        return new Caller("", List.of("administrator"), accounts);
    }

    private boolean isLocal() {
        return user.isEmpty() && isAdministrator();
    }

    /** Whether the user has permissions in the virtual host; what is in others is not shown. */
    public boolean mayEnter(String vhost) {
        return isLocal() || accounts.permission(user, vhost) != null;
    }

    /** Whether the virtual host is listed at all. */
    public boolean sees(String vhost) {
        return monitors() || mayEnter(vhost);
    }

    /** Whether a connection of that user is shown. */
    public boolean seesConnectionsOf(String owner) {
        return monitors() || owner.equals(user);
    }
}
