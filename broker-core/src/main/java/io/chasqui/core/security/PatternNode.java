package io.chasqui.core.security;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** What a pattern is made of, as {@link PatternParser} reads it; knows the steps it comes to. */
sealed interface PatternNode {

    /** Stands for {@code max} of a repetition without one. */
    int UNBOUNDED = -1;

    /**
     * Adds the steps that match this behind those there are.
     *
     * @throws InvalidPatternException if they become too many
     */
    void addTo(PatternProgram program) throws InvalidPatternException;

    /** One character of a set of code points. */
    record OneOf(IntPredicate set) implements PatternNode {
        @Override
        public void addTo(PatternProgram program) throws InvalidPatternException {
            program.add(new PatternProgram.Step.Take(set));
        }
    }

    /** One behind the other; none is the empty pattern. */
    record Sequence(List<PatternNode> parts) implements PatternNode {
        @Override
        public void addTo(PatternProgram program) throws InvalidPatternException {
            for (PatternNode part : parts) {
                part.addTo(program);
            }
        }
    }

    /** One or another. */
    record Choice(List<PatternNode> branches) implements PatternNode {
        @Override
        public void addTo(PatternProgram program) throws InvalidPatternException {
            List<Integer> ends = new ArrayList<>();
            for (PatternNode branch : branches.subList(0, branches.size() - 1)) {
                int fork = program.reserve();
                branch.addTo(program);
                ends.add(program.reserve());
                program.fork(fork, fork + 1, program.size());
            }
            branches.getLast().addTo(program);
            int end = program.size();
            ends.forEach(at -> program.fork(at, end, end));
        }
    }

    /** As often as from {@code min} to {@code max}. */
    record Repeat(PatternNode part, int min, int max) implements PatternNode {
        @Override
        public void addTo(PatternProgram program) throws InvalidPatternException {
            for (int i = 0; i < min; i++) {
                part.addTo(program);
            }
            if (max == UNBOUNDED) {
                int fork = program.reserve();
                part.addTo(program);
                int back = program.reserve();
                program.fork(back, fork, fork);
                program.fork(fork, fork + 1, program.size());
                return;
            }
            List<Integer> forks = new ArrayList<>();
            for (int i = min; i < max; i++) {
                forks.add(program.reserve());
                part.addTo(program);
            }
            int end = program.size();
            forks.forEach(at -> program.fork(at, at + 1, end));
        }
    }

    /** A place between characters. */
    enum Edge implements PatternNode {
        START,
        END,
        WORD_BOUNDARY,
        NO_WORD_BOUNDARY;

        @Override
        public void addTo(PatternProgram program) throws InvalidPatternException {
            program.add(new PatternProgram.Step.At(this));
        }
    }

    /** Whether the part matches from here on, or does not; takes no character. */
    record LookAhead(PatternNode part, boolean negated) implements PatternNode {
        @Override
        public void addTo(PatternProgram program) throws InvalidPatternException {
            int look = program.reserve();
            part.addTo(program);
            program.add(PatternProgram.MATCHED);
            program.look(look, negated, program.size());
        }
    }
}
