package io.chasqui.core.security;

import io.chasqui.core.security.PatternNode.Edge;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A pattern as steps for {@link PatternRun}, which is in many of them at once instead of trying one
 * way after the other (Thompson's construction).
 */
final class PatternProgram {

    /** Bounds the work for one name: a repetition is written out as often as it says. */
    private static final int MAX_STEPS = 2000;

    /** One step; numbers are those of other steps. */
    sealed interface Step {

        /** Takes a character of the set and goes on with the next step. */
        record Take(IntPredicate set) implements Step {}

        /** Goes on with both. */
        record Fork(int one, int other) implements Step {}

        /** Goes on with the next step if the place is as said. */
        record At(Edge edge) implements Step {}

        /** Goes on with {@code next} if the steps behind this one match from here, or do not. */
        record Look(boolean negated, int next) implements Step {}

        /** The pattern matches. */
        record Matched() implements Step {}
    }

    static final Step MATCHED = new Step.Matched();

    private final List<Step> steps = new ArrayList<>();

    private PatternProgram() {}

    /**
     * @throws InvalidPatternException if it would take too many steps
     */
    static PatternProgram of(PatternNode pattern) throws InvalidPatternException {
        PatternProgram program = new PatternProgram();
        pattern.addTo(program);
        program.add(MATCHED);
        return program;
    }

    int size() {
        return steps.size();
    }

    Step step(int number) {
        return steps.get(number);
    }

    // -- for the parts of a pattern

    /**
     * Adds a step; its number.
     *
     * @throws InvalidPatternException if there are too many
     */
    int add(Step step) throws InvalidPatternException {
        if (steps.size() == MAX_STEPS) {
            throw new InvalidPatternException("regular expression is too large", 0);
        }
        steps.add(step);
        return steps.size() - 1;
    }

    /** Adds a step that is to be replaced once it is known how it goes on; its number. */
    int reserve() throws InvalidPatternException {
        return add(MATCHED);
    }

    void fork(int reserved, int one, int other) {
        steps.set(reserved, new Step.Fork(one, other));
    }

    void look(int reserved, boolean negated, int next) {
        steps.set(reserved, new Step.Look(negated, next));
    }
}
