package io.chasqui.core.security;

import java.util.List;
import java.util.function.IntPredicate;

/** What a pattern is made of, as {@link PatternParser} reads it. */
sealed interface PatternNode {

    /** Stands for {@code max} of a repetition without one. */
    int UNBOUNDED = -1;

    /** One character of a set of code points. */
    record OneOf(IntPredicate set) implements PatternNode {}

    /** One behind the other; none is the empty pattern. */
    record Sequence(List<PatternNode> parts) implements PatternNode {}

    /** One or another. */
    record Choice(List<PatternNode> branches) implements PatternNode {}

    /** As often as from {@code min} to {@code max}. */
    record Repeat(PatternNode part, int min, int max) implements PatternNode {}

    /** A place between characters. */
    enum Edge implements PatternNode {
        START,
        END,
        WORD_BOUNDARY,
        NO_WORD_BOUNDARY
    }

    /** Whether the part matches from here on, or does not; takes no character. */
    record LookAhead(PatternNode part, boolean negated) implements PatternNode {}
}
