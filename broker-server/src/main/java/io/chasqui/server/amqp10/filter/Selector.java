package io.chasqui.server.amqp10.filter;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads a selector.
 *
 * <pre>
 *   either     := both { OR both }
 *   both       := one { AND one }
 *   one        := NOT one | comparison
 *   comparison := sum [ ( = | &lt;&gt; | &lt; | &lt;= | &gt; | &gt;= ) sum
 *                     | IS [NOT] NULL
 *                     | [NOT] LIKE string [ESCAPE string]
 *                     | [NOT] IN ( sum { , sum } )
 *                     | [NOT] BETWEEN sum AND sum ]
 *   sum        := product { ( + | - ) product }
 *   product    := signed { ( * | / | % ) signed }
 *   signed     := ( + | - ) signed | primary
 *   primary    := ( either ) | literal | name | UTC ( )
 * </pre>
 */
public final class Selector {

    /** What is nested deeper is refused, so that no reader of it can run out of stack. */
    private static final int MAX_DEPTH = 50;

    private final Dialect dialect;
    private final List<Token> tokens;
    private int next;
    private int depth;

    private Selector(Dialect dialect, List<Token> tokens) {
        this.dialect = dialect;
        this.tokens = tokens;
    }

    /** A selector of JMS; only what is true of a message lets it pass, not what is unknown. */
    public static Condition ofJms(String text) throws BadFilterException {
        return condition(parse(text, Dialect.JMS));
    }

    /** An SQL filter of AMQP's filter expressions; as {@link #ofJms}. */
    public static Condition ofAmqp(String text) throws BadFilterException {
        return condition(parse(text, Dialect.AMQP));
    }

    private static Condition condition(Expression expression) {
        return message -> Boolean.TRUE.equals(expression.truth(message));
    }

    static Expression parse(String text, Dialect dialect) throws BadFilterException {
        Selector selector = new Selector(dialect, Tokens.of(text, dialect));
        Expression whole = selector.either();
        if (!(selector.tokens.get(selector.next) instanceof Token.End)) {
            throw selector.unexpected();
        }
        return whole;
    }

    private BadFilterException unexpected() {
        return new BadFilterException("unexpected '" + tokens.get(next).text() + "'");
    }

    /** Passes the sign if it comes next. */
    private boolean passes(String sign) {
        boolean is = isNext(0, sign);
        next += is ? 1 : 0;
        return is;
    }

    private boolean isNext(int ahead, String sign) {
        return next + ahead < tokens.size()
                && tokens.get(next + ahead) instanceof Token.Sign(String text)
                && text.equals(sign);
    }

    private void require(String sign) throws BadFilterException {
        if (!passes(sign)) {
            throw new BadFilterException(
                    "'" + sign + "' is expected, not '" + tokens.get(next).text() + "'");
        }
    }

    private String string() throws BadFilterException {
        if (tokens.get(next) instanceof Token.Literal(String value, String _)) {
            next++;
            return value;
        }
        throw new BadFilterException("a string is expected, not '" + tokens.get(next).text() + "'");
    }

    private void descend() throws BadFilterException {
        if (++depth > MAX_DEPTH) {
            throw new BadFilterException("nested deeper than " + MAX_DEPTH);
        }
    }

    private Expression either() throws BadFilterException {
        Expression first = both();
        if (!isNext(0, "OR")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>(List.of(first));
        while (passes("OR")) {
            parts.add(both());
        }
        return new Expression.Logic(false, List.copyOf(parts));
    }

    private Expression both() throws BadFilterException {
        Expression first = one();
        if (!isNext(0, "AND")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>(List.of(first));
        while (passes("AND")) {
            parts.add(one());
        }
        return new Expression.Logic(true, List.copyOf(parts));
    }

    private Expression one() throws BadFilterException {
        if (!passes("NOT")) {
            return comparison();
        }
        descend();
        Expression of = one();
        depth--;
        return new Expression.Not(of);
    }

    private Expression comparison() throws BadFilterException {
        Expression left = sum();
        if (passes("IS")) {
            boolean not = passes("NOT");
            require("NULL");
            return negatedIf(not, new Expression.IsNull(left));
        }
        boolean not =
                isNext(0, "NOT")
                        && (isNext(1, "LIKE") || isNext(1, "IN") || isNext(1, "BETWEEN"))
                        && passes("NOT");
        if (passes("LIKE")) {
            String pattern = string();
            return negatedIf(
                    not,
                    new Expression.Like(
                            left,
                            passes("ESCAPE")
                                    ? Pattern.of(pattern, string())
                                    : Pattern.of(pattern)));
        }
        if (passes("IN")) {
            return negatedIf(not, new Expression.In(left, list()));
        }
        if (passes("BETWEEN")) {
            Expression from = sum();
            require("AND");
            return negatedIf(not, between(left, from, sum()));
        }
        for (Expression.Comparison how : Expression.Comparison.values()) {
            if (passes(sign(how))) {
                return new Expression.Compare(how, left, sum());
            }
        }
        return left;
    }

    private static Expression negatedIf(boolean not, Expression expression) {
        return not ? new Expression.Not(expression) : expression;
    }

    private static Expression between(Expression value, Expression from, Expression to) {
        return new Expression.Logic(
                true,
                List.of(
                        new Expression.Compare(Expression.Comparison.GREATER_OR_EQUAL, value, from),
                        new Expression.Compare(Expression.Comparison.LESS_OR_EQUAL, value, to)));
    }

    private static String sign(Expression.Comparison how) {
        return switch (how) {
            case EQUAL -> "=";
            case UNEQUAL -> "<>";
            case LESS -> "<";
            case LESS_OR_EQUAL -> "<=";
            case GREATER -> ">";
            case GREATER_OR_EQUAL -> ">=";
        };
    }

    private List<Expression> list() throws BadFilterException {
        require("(");
        List<Expression> values = new ArrayList<>();
        do {
            values.add(sum());
        } while (passes(","));
        require(")");
        return List.copyOf(values);
    }

    private Expression sum() throws BadFilterException {
        Expression left = product();
        while (true) {
            if (passes("+")) {
                left = new Expression.Arithmetic('+', left, product());
            } else if (passes("-")) {
                left = new Expression.Arithmetic('-', left, product());
            } else {
                return left;
            }
        }
    }

    private Expression product() throws BadFilterException {
        Expression left = signed();
        while (true) {
            if (passes("*")) {
                left = new Expression.Arithmetic('*', left, signed());
            } else if (passes("/")) {
                left = new Expression.Arithmetic('/', left, signed());
            } else if (passes("%")) {
                left = new Expression.Arithmetic('%', left, signed());
            } else {
                return left;
            }
        }
    }

    private Expression signed() throws BadFilterException {
        boolean minus = isNext(0, "-");
        if (!minus && !isNext(0, "+")) {
            return primary();
        }
        next++;
        descend();
        Expression of = signed();
        depth--;
        return minus ? new Expression.Negative(of) : new Expression.Positive(of);
    }

    private Expression primary() throws BadFilterException {
        if (passes("(")) {
            descend();
            Expression inside = either();
            depth--;
            require(")");
            return inside;
        }
        if (passes("UTC")) {
            require("(");
            require(")");
            return new Expression.Utc();
        }
        Token token = tokens.get(next);
        Expression known =
                switch (token) {
                    case Token.Literal literal -> new Expression.Constant(literal.value());
                    case Token.Name name -> Names.expression(name.text(), dialect);
                    case Token.QuotedName name -> new Expression.Property(name.text());
                    case Token.Sign _, Token.End _ -> throw unexpected();
                };
        next++;
        return known;
    }
}
