package io.chasqui.server.amqp10.filter;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A part of a selector, with SQL's logic of three values: what is unknown is null, and so is whatever
 * depends on it (JMS 3.1 §3.8.1.2).
 */
sealed interface Expression {

    /** Its value for a message, of the types of {@link MessageFields}. */
    @Nullable Object value(MessageFields message);

    /** As a condition: true, false or unknown; of another type than boolean is unknown, too. */
    default @Nullable Boolean truth(MessageFields message) {
        return value(message) instanceof Boolean is ? is : null;
    }

    /** A literal. */
    record Constant(Object is) implements Expression {
        @Override
        public Object value(MessageFields message) {
            return is;
        }
    }

    /** A field of the header or the properties. */
    record FieldValue(Field field) implements Expression {
        @Override
        public @Nullable Object value(MessageFields message) {
            return message.field(field);
        }
    }

    /** An application-property. */
    record Property(String name) implements Expression {
        @Override
        public @Nullable Object value(MessageFields message) {
            return message.applicationProperty(name);
        }
    }

    /** A message-id or correlation-id as JMS shows it. */
    record JmsId(Field field) implements Expression {
        @Override
        public @Nullable Object value(MessageFields message) {
            return JmsNames.id(message.field(field), field);
        }
    }

    /** The delivery mode by its name in JMS. */
    record JmsDeliveryMode() implements Expression {
        @Override
        public Object value(MessageFields message) {
            return Boolean.TRUE.equals(message.field(Field.DURABLE))
                    ? "PERSISTENT"
                    : "NON_PERSISTENT";
        }
    }

    /** What time it is, in milliseconds since the epoch. */
    record Utc() implements Expression {
        @Override
        public Object value(MessageFields message) {
            return message.nowMs();
        }
    }

    record Not(Expression of) implements Expression {
        @Override
        public @Nullable Object value(MessageFields message) {
            Boolean is = of.truth(message);
            return is == null ? null : !is;
        }
    }

    /** All must hold, or one must. */
    record Logic(boolean all, List<Expression> parts) implements Expression {
        @Override
        public @Nullable Object value(MessageFields message) {
            boolean unknown = false;
            for (Expression part : parts) {
                Boolean is = part.truth(message);
                if (is == null) {
                    unknown = true;
                } else if (is != all) {
                    return !all;
                }
            }
            return unknown ? null : all;
        }
    }

    /** How two values are compared. */
    enum Comparison {
        EQUAL,
        UNEQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL;

        boolean holds(int order) {
            return switch (this) {
                case EQUAL -> order == 0;
                case UNEQUAL -> order != 0;
                case LESS -> order < 0;
                case LESS_OR_EQUAL -> order <= 0;
                case GREATER -> order > 0;
                case GREATER_OR_EQUAL -> order >= 0;
            };
        }
    }

    /** Values of different kinds are never equal, and none of them is less. */
    record Compare(Comparison how, Expression left, Expression right) implements Expression {
        @Override
        public @Nullable Object value(MessageFields message) {
            Object one = left.value(message);
            Object other = right.value(message);
            if (one == null || other == null) {
                return null;
            }
            return switch (one) {
                case String text when other instanceof String second ->
                        how.holds(text.compareTo(second));
                case Octets octets when other instanceof Octets second ->
                        how.holds(octets.compareTo(second));
                case Long number when other instanceof Long second ->
                        how.holds(Long.compare(number, second));
                case Number number when other instanceof Number second ->
                        numbers(number.doubleValue(), second.doubleValue());
                case Boolean is when other instanceof Boolean second -> same(is.equals(second));
                case UUID id when other instanceof UUID second -> same(id.equals(second));
                default -> how == Comparison.UNEQUAL;
            };
        }

        private boolean numbers(double one, double other) {
            boolean neither = Double.isNaN(one) || Double.isNaN(other);
            return neither
                    ? how == Comparison.UNEQUAL
                    : how.holds(one < other ? -1 : one > other ? 1 : 0);
        }

        /** Of values that have no order. */
        private boolean same(boolean equal) {
            return switch (how) {
                case EQUAL -> equal;
                case UNEQUAL -> !equal;
                case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> false;
            };
        }
    }

    /** Of integers an integer, unless it is too large or a division; otherwise in floating point. */
    record Arithmetic(char operator, Expression left, Expression right) implements Expression {
        @Override
        public @Nullable Object value(MessageFields message) {
            Object one = left.value(message);
            Object other = right.value(message);
            if (one instanceof Long first && other instanceof Long second) {
                return exact(first, second);
            }
            if (one instanceof Number first && other instanceof Number second) {
                return approximate(first.doubleValue(), second.doubleValue());
            }
            return null;
        }

        private @Nullable Object exact(long one, long other) {
            try {
                return switch (operator) {
                    case '+' -> Math.addExact(one, other);
                    case '-' -> Math.subtractExact(one, other);
                    case '*' -> Math.multiplyExact(one, other);
                    case '%' -> other == 0 ? null : one % other;
                    default -> approximate((double) one, (double) other);
                };
            } catch (ArithmeticException _) {
                return approximate((double) one, (double) other);
            }
        }

        private @Nullable Object approximate(double one, double other) {
            return switch (operator) {
                case '+' -> one + other;
                case '-' -> one - other;
                case '*' -> one * other;
                case '/' -> other == 0 ? null : one / other;
                default -> null;
            };
        }
    }

    record Negative(Expression of) implements Expression {
        @Override
        public @Nullable Object value(MessageFields message) {
            return switch (of.value(message)) {
                case Long number -> number == Long.MIN_VALUE ? -(double) number : -number;
                case Double number -> -number;
                case null, default -> null;
            };
        }
    }

    /** A number as it is; anything else is unknown. */
    record Positive(Expression of) implements Expression {
        @Override
        public @Nullable Object value(MessageFields message) {
            return of.value(message) instanceof Number number ? number : null;
        }
    }

    record IsNull(Expression of) implements Expression {
        @Override
        public Object value(MessageFields message) {
            return of.value(message) == null;
        }
    }

    record In(Expression of, List<Expression> values) implements Expression {
        @Override
        public @Nullable Object value(MessageFields message) {
            Object is = of.value(message);
            if (is == null) {
                return null;
            }
            Expression known = new Constant(is);
            for (Expression each : values) {
                if (Boolean.TRUE.equals(
                        new Compare(Comparison.EQUAL, known, each).value(message))) {
                    return true;
                }
            }
            return false;
        }
    }

    record Like(Expression of, Pattern pattern) implements Expression {
        @Override
        public @Nullable Object value(MessageFields message) {
            return of.value(message) instanceof String text ? pattern.matches(text) : null;
        }
    }
}
