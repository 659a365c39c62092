package io.chasqui.core.security;

/**
 * A regular expression over names of queues and exchanges, as permissions have it: it matches
 * anywhere in a name unless it says otherwise, and the empty one matches nothing, as in RabbitMQ.
 *
 * <p>The language is PCRE's without what needs backtracking, so that no pattern, however written,
 * can hold up an event loop. Immutable, for any thread.
 */
public final class NamePattern {

    /** Longest text of a pattern, in characters. */
    public static final int MAX_LENGTH = 4096;

    private final String text;
    private final Kind kind;
    private final PatternProgram program;

    private enum Kind {
        NOTHING,
        EVERYTHING,
        SOMETHING
    }

    private NamePattern(String text, Kind kind, PatternProgram program) {
        this.text = text;
        this.kind = kind;
        this.program = program;
    }

    /**
     * @throws InvalidPatternException if it is no regular expression, or one that is not offered
     */
    public static NamePattern of(String text) throws InvalidPatternException {
        if (text.length() > MAX_LENGTH) {
            throw new InvalidPatternException("regular expression is too large", MAX_LENGTH);
        }
        Kind kind =
                switch (text) {
                    case "" -> Kind.NOTHING;
                    case ".*", "^.*$", "^.*", ".*$" -> Kind.EVERYTHING;
                    default -> Kind.SOMETHING;
                };
        return new NamePattern(text, kind, PatternProgram.of(PatternParser.parse(text)));
    }

    public String text() {
        return text;
    }

    /** Whether the pattern is found in the name. */
    public boolean isIn(String name) {
        return switch (kind) {
            case NOTHING -> false;
            case EVERYTHING -> true;
            case SOMETHING -> new PatternRun(program, name).find();
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
