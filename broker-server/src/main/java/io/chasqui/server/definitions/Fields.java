package io.chasqui.server.definitions;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.refusal.Refusal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one object in a definitions file. What is wrong with one is said with the kind of
 * object and its name.
 *
 * @param what it is that the object defines
 */
record Fields(String what, Map<?, ?> object) {

    @Nullable Object get(String name) {
        return object.get(name);
    }

    /**
     * @throws Refusal.PreconditionFailed if there is no text of that name
     */
    String text(String name) {
        if (object.get(name) instanceof String text) {
            return text;
        }
        throw wrong(name);
    }

    String text(String name, String otherwise) {
        return object.containsKey(name) ? text(name) : otherwise;
    }

    boolean flag(String name, boolean otherwise) {
        return switch (object.get(name)) {
            case null -> otherwise;
            case Boolean flag -> flag;
            case Object _ -> throw wrong(name);
        };
    }

    long number(String name, long otherwise) {
        return switch (object.get(name)) {
            case null -> otherwise;
            case Integer number -> number;
            case Long number -> number;
            case Object _ -> throw wrong(name);
        };
    }

    /** An object inside as a table; no object counts as an empty one, and so does an empty list. */
    Arguments table(String name) {
        return object.get(name) instanceof Map<?, ?> map ? JsonValues.table(map) : Arguments.EMPTY;
    }

    Refusal wrong(String name) {
        String of = object.get("name") instanceof String own ? " '" + own + "'" : "";
        return new Refusal.PreconditionFailed(
                "the " + what + of + " has no valid field '" + name + "'");
    }
}
