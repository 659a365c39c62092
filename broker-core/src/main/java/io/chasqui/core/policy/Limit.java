package io.chasqui.core.policy;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.refusal.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** What can be bounded for a virtual host or a user, with RabbitMQ's names and texts. */
public enum Limit {
    MAX_CONNECTIONS("max-connections"),
    MAX_QUEUES("max-queues"),
    MAX_CHANNELS("max-channels");

    private static final Set<String> OF_VIRTUAL_HOSTS =
            Set.of(MAX_CONNECTIONS.wireName, MAX_QUEUES.wireName);

    private static final Set<String> OF_USERS =
            Set.of(MAX_CONNECTIONS.wireName, MAX_CHANNELS.wireName);

    private final String wireName;

    Limit(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    /** How many there may be; none for any number, which a negative one stands for too. */
    public OptionalLong in(Arguments limits) {
        OptionalLong limit = limits.integer(wireName);
        return limit.isPresent() && limit.getAsLong() >= 0 ? limit : OptionalLong.empty();
    }

    /**
     * @throws Refusal.PreconditionFailed if one is no limit of a virtual host, or no integer
     */
    public static void checkVirtualHost(Arguments limits) {
        List<String> faults = faults(limits, OF_VIRTUAL_HOSTS, "limits");
        if (!faults.isEmpty()) {
            throw PolicyRules.invalid(faults);
        }
    }

    /**
     * @throws Refusal.PreconditionFailed if one is no limit of a user, or no integer
     */
    public static void checkUser(Arguments limits) {
        List<String> faults = faults(limits, OF_USERS, "user-limits");
        if (!faults.isEmpty()) {
            throw new Refusal.PreconditionFailed(String.join("\n", faults));
        }
    }

    private static List<String> faults(Arguments limits, Set<String> known, String where) {
        List<String> unknown = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        for (String name : limits.names()) {
            Object value = limits.get(name);
            if (!known.contains(name)) {
                unknown.add("{" + PolicyKey.term(name) + "," + PolicyKey.term(value) + "}");
            } else if (!PolicyKey.isInteger(value)) {
                faults.add(name + " should be a number, actually was " + PolicyKey.term(value));
            }
        }
        if (!unknown.isEmpty()) {
            faults.addFirst("Unrecognised terms [" + String.join(",", unknown) + "] in " + where);
        }
        return faults;
    }
}
