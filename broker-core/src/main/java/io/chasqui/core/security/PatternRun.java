package io.chasqui.core.security;

import io.chasqui.core.security.PatternNode.Edge;
import io.chasqui.core.security.PatternProgram.Step;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Looks for a pattern in one name, in all its steps at once: each step is entered at most once for
 * each place in the name, so the work is at most steps times characters, whatever the pattern. A
 * look-ahead adds a run of its own for each place where it is asked, once.
 */
final class PatternRun {

    private final PatternProgram program;
    private final int[] name;

    /** Answers of look-aheads, by step and place. */
    private final Map<Long, Boolean> looks = new HashMap<>();

    PatternRun(PatternProgram program, String name) {
        this.program = program;
        this.name = name.codePoints().toArray();
    }

    /** Whether the pattern matches anywhere in the name. */
    boolean find() {
        return run(0, 0, false);
    }

    private boolean run(int start, int from, boolean onlyFromHere) {
        Steps now = new Steps();
        Steps next = new Steps();
        for (int at = from; ; at++) {
            if ((at == from || !onlyFromHere) && now.enter(start, at)) {
                return true;
            }
            if (at == name.length || (onlyFromHere && now.size == 0)) {
                return false;
            }
            for (int i = 0; i < now.size; i++) {
                int step = now.steps[i];
                if (program.step(step) instanceof Step.Take(IntPredicate set)
                        && set.test(name[at])
                        && next.enter(step + 1, at + 1)) {
                    return true;
                }
            }
            Steps done = now;
            now = next;
            next = done;
            next.clear();
        }
    }

    private boolean matchesFrom(int step, int at) {
        long asked = ((long) step << Integer.SIZE) | at;
        Boolean known = looks.get(asked);
        if (known == null) {
            known = run(step, at, true);
            looks.put(asked, known);
        }
        return known;
    }

    private boolean holds(Edge edge, int at) {
        return switch (edge) {
            case START -> at == 0;
            case END -> at == name.length;
            case WORD_BOUNDARY -> isWord(at - 1) != isWord(at);
            case NO_WORD_BOUNDARY -> isWord(at - 1) == isWord(at);
        };
    }

    private boolean isWord(int at) {
        return at >= 0 && at < name.length && CharacterSets.WORD.test(name[at]);
    }

    /** The steps that wait for the next character, each once. */
    private final class Steps {

        final int[] steps = new int[program.size()];
        private final boolean[] entered = new boolean[program.size()];
        private final int[] toEnter = new int[2 * program.size() + 1];
        int size;

        void clear() {
            size = 0;
            Arrays.fill(entered, false);
        }

        /** Enters a step and all that follow without a character; whether the pattern matched. */
        boolean enter(int first, int at) {
            int waiting = 0;
            toEnter[waiting++] = first;
            while (waiting > 0) {
                int step = toEnter[--waiting];
                if (entered[step]) {
                    continue;
                }
                entered[step] = true;
                switch (program.step(step)) {
                    case Step.Take _ -> steps[size++] = step;
                    case Step.Fork(int one, int other) -> {
                        toEnter[waiting++] = one;
                        toEnter[waiting++] = other;
                    }
                    case Step.At(Edge edge) -> {
                        if (holds(edge, at)) {
                            toEnter[waiting++] = step + 1;
                        }
                    }
                    case Step.Look(boolean negated, int next) -> {
                        if (matchesFrom(step + 1, at) != negated) {
                            toEnter[waiting++] = next;
                        }
                    }
                    case Step.Matched() -> {
                        return true;
                    }
                }
            }
            return false;
        }
    }
}
