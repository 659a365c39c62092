package io.chasqui.core.security;

import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Reads a set in brackets, behind the opening one. */
final class PatternSet {

    private final PatternParser in;

    PatternSet(PatternParser in) {
        this.in = in;
    }

    IntPredicate read() throws InvalidPatternException {
        boolean negated = in.skip("^");
        IntPredicate set = _ -> false;
        boolean first = true;
        while (first || !in.skip("]")) {
            if (in.atEnd()) {
                throw in.wrong("missing terminating ] for character class");
            }
            set = set.or(member());
            first = false;
        }
        return negated ? set.negate() : set;
    }

    private IntPredicate member() throws InvalidPatternException {
        if (in.skip("[:")) {
            return posix();
        }
        int from = in.next();
        if (from == '\\') {
            if (in.atEnd()) {
                throw in.wrong("\\ at end of pattern");
            }
            IntPredicate named = CharacterSets.escaped(in.peek());
            if (named != null) {
                in.next();
                return named;
            }
            from = in.escapedCharacter();
        }
        @Nullable Integer to = rangeEnd();
        if (to == null) {
            return single(from);
        }
        if (to < from) {
            throw in.wrong("range out of order in character class");
        }
        int low = from;
        int high = to;
        return c -> c >= low && c <= high;
    }

    private static IntPredicate single(int c) {
        return each -> each == c;
    }

    /** Where the range ends, if a dash and something to end it follow. */
    private @Nullable Integer rangeEnd() throws InvalidPatternException {
        if (!in.startsWith("-") || in.startsWith("-]")) {
            return null;
        }
        in.next();
        if (in.atEnd()) {
            throw in.wrong("missing terminating ] for character class");
        }
        int end = in.next();
        if (end != '\\') {
            return end;
        }
        if (!in.atEnd() && CharacterSets.escaped(in.peek()) != null) {
            throw in.wrong("invalid range in character class");
        }
        return in.escapedCharacter();
    }

    private IntPredicate posix() throws InvalidPatternException {
        boolean negated = in.skip("^");
        String name = in.until(":]");
        IntPredicate set = CharacterSets.posix(name);
        if (set == null) {
            throw in.wrong("unknown POSIX class name");
        }
        return negated ? set.negate() : set;
    }
}
