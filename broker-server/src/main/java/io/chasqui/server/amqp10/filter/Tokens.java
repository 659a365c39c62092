package io.chasqui.server.amqp10.filter;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Cuts a selector into words. Long ones are refused, so that none costs much to read or to keep. */
final class Tokens {

    /** RabbitMQ's bounds. */
    static final int MOST_CHARACTERS = 4096;

    static final int MOST_TOKENS = 200;

    private static final Set<String> KEYWORDS =
            Set.of(
                    "AND", "OR", "NOT", "BETWEEN", "LIKE", "ESCAPE", "IN", "IS", "NULL", "TRUE",
                    "FALSE");

    /** Reserved by the filter expressions of AMQP, and not there. */
    private static final Set<String> RESERVED =
            Set.of("EXISTS", "NAN", "INF", "LOWER", "UPPER", "LEFT", "RIGHT", "SUBSTRING", "DATE");

    private static final Set<String> LONG_SIGNS = Set.of("<>", "!=", "<=", ">=");
    private static final String SIGNS = "=<>+-*/%(),";

    private final String text;
    private final Dialect dialect;
    private final List<Token> found = new ArrayList<>();
    private int at;

    private Tokens(String text, Dialect dialect) {
        this.text = text;
        this.dialect = dialect;
    }

    /** The words, {@link Token.End} last. */
    static List<Token> of(String text, Dialect dialect) throws BadFilterException {
        if (text.length() > MOST_CHARACTERS) {
            throw new BadFilterException(
                    "a selector has at most " + MOST_CHARACTERS + " characters");
        }
        return new Tokens(text, dialect).cut();
    }

    private List<Token> cut() throws BadFilterException {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
                continue;
            }
            if (found.size() == MOST_TOKENS) {
                throw new BadFilterException("a selector has at most " + MOST_TOKENS + " words");
            }
            found.add(next(c));
        }
        found.add(new Token.End());
        return found;
    }

    private Token next(char c) throws BadFilterException {
        if (c == '\'') {
            return literal(quoted('\''));
        }
        if (c == '"') {
            String inside = quoted('"');
            return dialect == Dialect.JMS ? new Token.QuotedName(inside) : literal(inside);
        }
        if (c == '[') {
            return new Token.QuotedName(bracketed());
        }
        if (isDigit(at) || (c == '.' && isDigit(at + 1))) {
            return number();
        }
        if (Character.isJavaIdentifierStart(c)) {
            return word();
        }
        String two = text.substring(at, Math.min(at + 2, text.length()));
        if (LONG_SIGNS.contains(two)) {
            at += 2;
            return new Token.Sign(two.equals("!=") ? "<>" : two);
        }
        if (SIGNS.indexOf(c) >= 0) {
            at++;
            return new Token.Sign(String.valueOf(c));
        }
        throw new BadFilterException("unexpected character '" + c + "'");
    }

    private static Token literal(Object value) {
        return new Token.Literal(value, value.toString());
    }

    /** Between quotes, where two of them are one. */
    private String quoted(char quote) throws BadFilterException {
        StringBuilder inside = new StringBuilder();
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == quote) {
                if (i + 1 == text.length() || text.charAt(i + 1) != quote) {
                    at = i + 1;
                    return inside.toString();
                }
                i++;
            }
            inside.append(c);
        }
        throw new BadFilterException("a quote is not closed");
    }

    /** Between brackets, where two of a kind are one. */
    private String bracketed() throws BadFilterException {
        StringBuilder inside = new StringBuilder();
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean twice = i + 1 < text.length() && text.charAt(i + 1) == c;
            if (c == ']' && !twice) {
                at = i + 1;
                return inside.toString();
            }
            if (c == '[' && !twice) {
                break;
            }
            i += c == '[' || c == ']' ? 1 : 0;
            inside.append(c);
        }
        throw new BadFilterException("a bracket is not closed");
    }

    private Token word() throws BadFilterException {
        int from = at;
        passName();
        if (at + 1 < text.length()
                && text.charAt(at) == '.'
                && Character.isJavaIdentifierStart(text.charAt(at + 1))) {
            at++;
            passName();
            return new Token.Name(text.substring(from, at));
        }
        String word = text.substring(from, at);
        String upper = word.toUpperCase(Locale.ROOT);
        if (KEYWORDS.contains(upper)) {
            return switch (upper) {
                case "TRUE" -> literal(true);
                case "FALSE" -> literal(false);
                default -> new Token.Sign(upper);
            };
        }
        if (dialect == Dialect.AMQP) {
            if (upper.equals("UTC")) {
                return new Token.Sign(upper);
            }
            if (RESERVED.contains(upper)) {
                throw new BadFilterException("'" + word + "' is not supported");
            }
        }
        return new Token.Name(word);
    }

    private void passName() {
        while (at < text.length() && Character.isJavaIdentifierPart(text.charAt(at))) {
            at++;
        }
    }

    private boolean isDigit(int i) {
        return i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }

    private boolean isAt(int i, char lower) {
        return i < text.length() && Character.toLowerCase(text.charAt(i)) == lower;
    }

    private Token number() throws BadFilterException {
        int from = at;
        if (text.charAt(at) == '0' && isAt(at + 1, 'x')) {
            return hexadecimal();
        }
        passDigits();
        boolean exact = true;
        if (isAt(at, '.')) {
            exact = false;
            at++;
            passDigits();
        }
        int sign = isAt(at + 1, '+') || isAt(at + 1, '-') ? 1 : 0;
        if (isAt(at, 'e') && isDigit(at + 1 + sign)) {
            exact = false;
            at += 1 + sign;
            passDigits();
        }
        String digits = text.substring(from, at);
        if (dialect == Dialect.JMS) {
            exact = suffix(exact);
        }
        if (at < text.length() && Character.isJavaIdentifierPart(text.charAt(at))) {
            throw new BadFilterException("a number followed by '" + text.charAt(at) + "'");
        }
        return new Token.Literal(value(digits, exact), digits);
    }

    private void passDigits() {
        while (isDigit(at)) {
            at++;
        }
    }

    /** Passes the suffix that a literal of Java may have; whether the number is exact. */
    private boolean suffix(boolean exact) {
        if (exact && isAt(at, 'l')) {
            at++;
            return true;
        }
        if (isAt(at, 'f') || isAt(at, 'd')) {
            at++;
            return false;
        }
        return exact;
    }

    private static Object value(String digits, boolean exact) {
        if (exact) {
            try {
                return Long.valueOf(digits);
            } catch (NumberFormatException _) {
                // Too large: approximately, then.
            }
        }
        return Double.valueOf(digits);
    }

    /** Octets in AMQP, a number in JMS. */
    private Token hexadecimal() throws BadFilterException {
        int from = at;
        at += 2;
        while (at < text.length() && Character.isJavaIdentifierPart(text.charAt(at))) {
            at++;
        }
        String whole = text.substring(from, at);
        String digits = whole.substring(2);
        try {
            Object value =
                    dialect == Dialect.JMS
                            ? (Object) Long.parseUnsignedLong(digits, 16)
                            : new Octets(HexFormat.of().parseHex(digits));
            return new Token.Literal(value, whole);
        } catch (IllegalArgumentException _) {
            throw new BadFilterException("'" + whole + "' is not hexadecimal");
        }
    }
}
