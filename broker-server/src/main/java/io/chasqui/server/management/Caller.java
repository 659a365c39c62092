package io.chasqui.server.management;

import io.chasqui.core.definition.UserDefinition;
import io.chasqui.core.security.Accounts;
import io.chasqui.core.security.Actor;
import io.chasqui.server.http.HttpRefusal;
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

    /** In whose name things are changed. */
    String actor() {
        return user.isEmpty() ? Actor.COMMAND_LINE : user;
    }

    /** Whether what is in the virtual host is shown: to administrators, and to its users. */
    public boolean mayEnter(String vhost) {
        return isAdministrator() || accounts.permission(user, vhost) != null;
    }

    /** Whether the virtual host is listed at all. */
    public boolean sees(String vhost) {
        return monitors() || mayEnter(vhost);
    }

    /** Whether a connection of that user is shown. */
    public boolean seesConnectionsOf(String owner) {
        return monitors() || owner.equals(user);
    }

    /**
     * @throws HttpRefusal 401 if connections and limits of that user are not shown
     */
    void checkSees(String owner) throws HttpRefusal {
        if (!seesConnectionsOf(owner)) {
            throw Need.refused();
        }
    }

    /**
     * @throws HttpRefusal 401 if connections of that user may not be closed
     */
    void checkCloses(String owner) throws HttpRefusal {
        if (!isAdministrator() && !owner.equals(user)) {
            throw Need.refused();
        }
    }
}
