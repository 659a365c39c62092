package io.chasqui.core.security;

import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Sets of characters that patterns know by name. As in PCRE they are of ASCII only. */
final class CharacterSets {

    private static final IntPredicate DIGIT = c -> c >= '0' && c <= '9';
    private static final IntPredicate UPPER = c -> c >= 'A' && c <= 'Z';
    private static final IntPredicate LOWER = c -> c >= 'a' && c <= 'z';
    private static final IntPredicate ALPHA = UPPER.or(LOWER);
    private static final IntPredicate ALNUM = ALPHA.or(DIGIT);
    private static final IntPredicate SPACE = c -> c == ' ' || (c >= '\t' && c <= '\r');
    private static final IntPredicate BLANK = c -> c == ' ' || c == '\t';
    private static final IntPredicate GRAPH = c -> c > ' ' && c < 0x7F;

    static final IntPredicate WORD = ALNUM.or(c -> c == '_');

    private static final Map<String, IntPredicate> POSIX =
            Map.ofEntries(
                    Map.entry("alpha", ALPHA),
                    Map.entry("digit", DIGIT),
                    Map.entry("alnum", ALNUM),
                    Map.entry("upper", UPPER),
                    Map.entry("lower", LOWER),
                    Map.entry("space", SPACE),
                    Map.entry("blank", BLANK),
                    Map.entry("graph", GRAPH),
                    Map.entry("print", GRAPH.or(c -> c == ' ')),
                    Map.entry("punct", GRAPH.and(ALNUM.negate())),
                    Map.entry("cntrl", c -> c < ' ' || c == 0x7F),
                    Map.entry("xdigit", c -> c < 0x80 && Character.digit(c, 16) >= 0),
                    Map.entry("word", WORD),
                    Map.entry("ascii", c -> c < 0x80));

    private CharacterSets() {}

    /** The set of {@code [:name:]}. */
    static @Nullable IntPredicate posix(String name) {
        return POSIX.get(name);
    }

    /** The set of a backslash and a letter. */
    static @Nullable IntPredicate escaped(int letter) {
        return switch (letter) {
            case 'd' -> DIGIT;
            case 'D' -> DIGIT.negate();
            case 'w' -> WORD;
            case 'W' -> WORD.negate();
            case 's' -> SPACE;
            case 'S' -> SPACE.negate();
            case 'h' -> BLANK;
            case 'H' -> BLANK.negate();
            default -> null;
        };
    }

    /** The set with both cases of each letter, if {@code caseless}. */
    static IntPredicate folding(boolean caseless, IntPredicate set) {
        return caseless
                ? c -> set.test(Character.toLowerCase(c)) || set.test(Character.toUpperCase(c))
                : set;
    }
}
