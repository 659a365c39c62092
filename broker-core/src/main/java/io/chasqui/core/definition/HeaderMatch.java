package io.chasqui.core.definition;

import java.util.Optional;

/** The value of {@code x-match}: how a binding to a headers exchange matches (0-9-1 §3.1.3.4). */
public enum HeaderMatch {
    ALL("all", false, false),
    ANY("any", true, false),
    ALL_WITH_X("all-with-x", false, true),
    ANY_WITH_X("any-with-x", true, true);

    /** The name of the binding's argument. */
    public static final String ARGUMENT = "x-match";

    private final String wireName;
    private final boolean any;
    private final boolean withX;

    HeaderMatch(String wireName, boolean any, boolean withX) {
        this.wireName = wireName;
        this.any = any;
        this.withX = withX;
    }

    /** Whether one of the headers that the binding names will do; else all are asked for. */
    public boolean any() {
        return any;
    }

    /** Whether headers whose names begin with {@code x-} count too. */
    public boolean withX() {
        return withX;
    }

    /** What checked arguments ask for; all if they do not say. */
    public static HeaderMatch of(Arguments arguments) {
        return arguments.text(ARGUMENT).flatMap(HeaderMatch::named).orElse(ALL);
    }

    static Optional<HeaderMatch> named(String wireName) {
        for (HeaderMatch match : values()) {
            if (match.wireName.equals(wireName)) {
                return Optional.of(match);
            }
        }
        return Optional.empty();
    }
}
