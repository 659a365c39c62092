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
import org.jspecify.annotations.Nullable;

/**
 * Reads the part of PCRE's language that a matcher without backtracking can follow. What it cannot
 * (back references, looking behind, possessive and atomic groups, recursion, conditions) is refused
 * by name, never misread.
 */
final class PatternParser {

    private static final int MAX_DEPTH = 100;
    private static final int MAX_REPEAT = 1000;

    private final String text;
    private int at;
    private int depth;
    private boolean caseless;

    private PatternParser(String text) {
        this.text = text;
    }

    static PatternNode parse(String text) throws InvalidPatternException {
        PatternParser parser = new PatternParser(text);
        PatternNode node = parser.choice();
        if (parser.at < text.length()) {
            throw parser.wrong("unmatched closing parenthesis");
        }
        return node;
    }

    private PatternNode choice() throws InvalidPatternException {
        boolean outer = caseless;
        List<PatternNode> branches = new ArrayList<>();
        branches.add(sequence());
        while (skip("|")) {
            branches.add(sequence());
        }
        caseless = outer;
        return branches.size() == 1 ? branches.getFirst() : new Choice(branches);
    }

    private PatternNode sequence() throws InvalidPatternException {
        List<PatternNode> parts = new ArrayList<>();
        while (at < text.length() && peek() != '|' && peek() != ')') {
            if (skip("\\Q")) {
                quoted(parts);
            } else if (!skip("\\E")) {
                parts.add(repeated(atom()));
            }
        }
        return new Sequence(parts);
    }

    private void quoted(List<PatternNode> parts) throws InvalidPatternException {
        int before = parts.size();
        while (at < text.length() && !skip("\\E")) {
            parts.add(literal(next()));
        }
        if (parts.size() > before) {
            parts.add(repeated(parts.removeLast()));
        }
    }

    private PatternNode atom() throws InvalidPatternException {
        int c = next();
        return switch (c) {
            case '(' -> group();
            case '[' -> new OneOf(CharacterSets.folding(caseless, new PatternSet(this).read()));
            case '.' -> new OneOf(each -> each != '\n');
            case '^' -> Edge.START;
            case '$' -> Edge.END;
            case '*', '+', '?' -> throw wrong("quantifier does not follow a repeatable item");
            case '\\' -> escape();
            default -> literal(c);
        };
    }

    private OneOf literal(int c) {
        return new OneOf(CharacterSets.folding(caseless, each -> each == c));
    }

    private PatternNode repeated(PatternNode part) throws InvalidPatternException {
        PatternNode node = part;
        while (at < text.length()) {
            if (skip("*")) {
                node = new Repeat(node, 0, PatternNode.UNBOUNDED);
            } else if (skip("+")) {
                node = new Repeat(node, 1, PatternNode.UNBOUNDED);
            } else if (skip("?")) {
                node = new Repeat(node, 0, 1);
            } else {
                Repeat counted = counted(node);
                if (counted == null) {
                    return node;
                }
                node = counted;
            }
            if (skip("+")) {
                throw wrong("possessive quantifiers are not offered");
            }
            skip("?"); // greedy or not, it matches the same names
            if (at < text.length() && (peek() == '*' || peek() == '+' || peek() == '?')) {
                throw wrong("quantifier does not follow a repeatable item");
            }
        }
        return node;
    }

    /** {@code {n}}, {@code {n,}} or {@code {n,m}}; anything else in braces is literal, as in PCRE. */
    private @Nullable Repeat counted(PatternNode part) throws InvalidPatternException {
        int end = text.indexOf('}', at);
        if (end < 0 || peek() != '{') {
            return null;
        }
        String inside = text.substring(at + 1, end);
        if (!inside.matches("\\d{1,5}(,\\d{0,5})?")) {
            return null;
        }
        int comma = inside.indexOf(',');
        int min = Integer.parseInt(comma < 0 ? inside : inside.substring(0, comma));
        int max =
                comma < 0
                        ? min
                        : comma == inside.length() - 1
                                ? PatternNode.UNBOUNDED
                                : Integer.parseInt(inside.substring(comma + 1));
        if (min > MAX_REPEAT || max > MAX_REPEAT) {
            throw wrong("number too big in {} quantifier");
        }
        if (max != PatternNode.UNBOUNDED && max < min) {
            throw wrong("numbers out of order in {} quantifier");
        }
        at = end + 1;
        return new Repeat(part, min, max);
    }

    private PatternNode group() throws InvalidPatternException {
        if (++depth > MAX_DEPTH) {
            throw wrong("parentheses are too deeply nested");
        }
        PatternNode node = insideGroup();
        depth--;
        return node;
    }

    private PatternNode insideGroup() throws InvalidPatternException {
        if (!skip("?")) {
            return closed(choice());
        }
        if (skip("#")) {
            while (at < text.length() && peek() != ')') {
                at++;
            }
            return closed(new Sequence(List.of()));
        }
        if (skip(":")) {
            return closed(choice());
        }
        if (skip("=")) {
            return closed(new LookAhead(choice(), false));
        }
        if (skip("!")) {
            return closed(new LookAhead(choice(), true));
        }
        if (text.startsWith("<=", at) || text.startsWith("<!", at)) {
            throw wrong("looking behind is not offered");
        }
        if (skip("P<") || skip("<") || skip("'")) {
            while (at < text.length() && peek() != '>' && peek() != '\'') {
                at++;
            }
            if (at == text.length()) {
                throw wrong("unterminated group name");
            }
            at++;
            return closed(choice());
        }
        return flags();
    }

    /** {@code (?i)} and {@code (?-i)}, until the enclosing group ends, and {@code (?i:...)}. */
    private PatternNode flags() throws InvalidPatternException {
        boolean on = true;
        boolean folding = caseless;
        while (at < text.length()) {
            int c = next();
            switch (c) {
                case '-' -> on = false;
                case 'i' -> folding = on;
                case 's' -> {} // names hold no line breaks
                case ')' -> {
                    caseless = folding;
                    return new Sequence(List.of());
                }
                case ':' -> {
                    boolean outer = caseless;
                    caseless = folding;
                    PatternNode inside = closed(choice());
                    caseless = outer;
                    return inside;
                }
                default -> throw wrong("this kind of group is not offered");
            }
        }
        throw wrong("missing closing parenthesis");
    }

    private PatternNode closed(PatternNode inside) throws InvalidPatternException {
        if (!skip(")")) {
            throw wrong("missing closing parenthesis");
        }
        return inside;
    }

    private PatternNode escape() throws InvalidPatternException {
        if (at == text.length()) {
            throw wrong("\\ at end of pattern");
        }
        switch (peek()) {
            case 'A' -> {
                at++;
                return Edge.START;
            }
            case 'z', 'Z' -> {
                at++;
                return Edge.END;
            }
            case 'b' -> {
                at++;
                return Edge.WORD_BOUNDARY;
            }
            case 'B' -> {
                at++;
                return Edge.NO_WORD_BOUNDARY;
            }
            default -> {
                return new OneOf(CharacterSets.folding(caseless, escapedSet()));
            }
        }
    }

    private IntPredicate escapedSet() throws InvalidPatternException {
        IntPredicate named = CharacterSets.escaped(peek());
        if (named != null) {
            at++;
            return named;
        }
        int one = escapedCharacter();
        return each -> each == one;
    }

    /** The one character that an escape stands for, behind the backslash. */
    int escapedCharacter() throws InvalidPatternException {
        if (at == text.length()) {
            throw wrong("\\ at end of pattern");
        }
        int c = next();
        return switch (c) {
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 'f' -> '\f';
            case 'e' -> 0x1B;
            case 'a' -> 0x07;
            case 'x' -> hexadecimal();
            default -> literalEscape(c);
        };
    }

    private int literalEscape(int c) throws InvalidPatternException {
        if (c >= '0' && c <= '9') {
            throw wrong("back references and octal numbers are not offered");
        }
        if (c < 0x80 && Character.isLetter(c)) {
            throw wrong("unrecognized character follows \\");
        }
        return c;
    }

    private int hexadecimal() throws InvalidPatternException {
        boolean braced = skip("{");
        int start = at;
        while (at < text.length()
                && at - start < (braced ? 6 : 2)
                && Character.digit(text.charAt(at), 16) >= 0) {
            at++;
        }
        if (at == start || (braced && !text.startsWith("}", at))) {
            throw wrong("\\x without a hexadecimal number");
        }
        int value = Integer.parseInt(text.substring(start, at), 16);
        if (braced) {
            at++;
        }
        return value;
    }

    // -- characters, also for PatternSet

    boolean atEnd() {
        return at == text.length();
    }

    int peek() {
        return text.codePointAt(at);
    }

    int next() {
        int c = text.codePointAt(at);
        at += Character.charCount(c);
        return c;
    }

    boolean skip(String expected) {
        if (text.startsWith(expected, at)) {
            at += expected.length();
            return true;
        }
        return false;
    }

    boolean startsWith(String expected) {
        return text.startsWith(expected, at);
    }

    String until(String end) throws InvalidPatternException {
        int found = text.indexOf(end, at);
        if (found < 0) {
            throw wrong("missing terminating ]");
        }
        String inside = text.substring(at, found);
        at = found + end.length();
        return inside;
    }

    InvalidPatternException wrong(String problem) {
        return new InvalidPatternException(problem, at);
    }
}
