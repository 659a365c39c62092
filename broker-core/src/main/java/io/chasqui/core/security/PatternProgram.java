package io.chasqui.core.security;

import io.chasqui.core.security.PatternNode.Choice;
import io.chasqui.core.security.PatternNode.Edge;
import io.chasqui.core.security.PatternNode.LookAhead;
import io.chasqui.core.security.PatternNode.OneOf;
import io.chasqui.core.security.PatternNode.Repeat;
import io.chasqui.core.security.PatternNode.Sequence;
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

    private final List<Step> steps = new ArrayList<>();

    private PatternProgram() {}

    /**
     * @throws InvalidPatternException if it would take too many steps
     */
    static PatternProgram of(PatternNode pattern) throws InvalidPatternException {
        PatternProgram program = new PatternProgram();
        program.write(pattern);
        program.add(new Step.Matched());
        return program;
    }

    int size() {
        return steps.size();
    }

    Step step(int number) {
        return steps.get(number);
    }

    private int add(Step step) throws InvalidPatternException {
        if (steps.size() == MAX_STEPS) {
            throw new InvalidPatternException("regular expression is too large", 0);
        }
        steps.add(step);
        return steps.size() - 1;
    }

    private void write(PatternNode node) throws InvalidPatternException {
        switch (node) {
            case OneOf(IntPredicate set) -> add(new Step.Take(set));
            case Edge edge -> add(new Step.At(edge));
            case Sequence(List<PatternNode> parts) -> {
                for (PatternNode part : parts) {
                    write(part);
                }
            }
            case Choice(List<PatternNode> branches) -> writeChoice(branches);
            case Repeat repeat -> writeRepeat(repeat);
            case LookAhead(PatternNode part, boolean negated) -> {
                int look = add(new Step.Matched());
                write(part);
                add(new Step.Matched());
                steps.set(look, new Step.Look(negated, steps.size()));
            }
        }
    }

    private void writeChoice(List<PatternNode> branches) throws InvalidPatternException {
        List<Integer> ends = new ArrayList<>();
        for (PatternNode branch : branches.subList(0, branches.size() - 1)) {
            int fork = add(new Step.Matched());
            write(branch);
            ends.add(add(new Step.Matched()));
            steps.set(fork, new Step.Fork(fork + 1, steps.size()));
        }
        write(branches.getLast());
        int end = steps.size();
        ends.forEach(at -> steps.set(at, new Step.Fork(end, end)));
    }

    private void writeRepeat(Repeat repeat) throws InvalidPatternException {
        for (int i = 0; i < repeat.min(); i++) {
            write(repeat.part());
        }
        if (repeat.max() == PatternNode.UNBOUNDED) {
            int fork = add(new Step.Matched());
            write(repeat.part());
            add(new Step.Fork(fork, fork));
            steps.set(fork, new Step.Fork(fork + 1, steps.size()));
            return;
        }
        List<Integer> forks = new ArrayList<>();
        for (int i = repeat.min(); i < repeat.max(); i++) {
            forks.add(add(new Step.Matched()));
            write(repeat.part());
        }
        int end = steps.size();
        forks.forEach(at -> steps.set(at, new Step.Fork(at + 1, end)));
    }
}
