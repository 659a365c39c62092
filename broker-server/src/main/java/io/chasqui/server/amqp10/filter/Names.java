package io.chasqui.server.amqp10.filter;

import org.jspecify.annotations.Nullable;

/** What the names in a selector stand for: {@code section.field}, JMS's names, or application-properties. */
final class Names {

    private Names() {}

    static Expression expression(String name, Dialect dialect) throws BadFilterException {
        int dot = name.indexOf('.');
        if (dot < 0) {
            Expression ofJms = dialect == Dialect.JMS ? JmsNames.expression(name) : null;
            return ofJms == null ? new Expression.Property(name) : ofJms;
        }
        String field = name.substring(dot + 1);
        return switch (name.substring(0, dot)) {
            case "header", "h" -> field(Field.inSql(field), Field.Section.HEADER, name);
            case "properties", "p" -> field(Field.inSql(field), Field.Section.PROPERTIES, name);
            case "application_properties", "a" -> new Expression.Property(field);
            default -> other(name, field, dialect);
        };
    }

    private static Expression field(@Nullable Field field, Field.Section section, String name)
            throws BadFilterException {
        if (field == null || field.section() != section) {
            throw new BadFilterException("there is no field '" + name + "'");
        }
        return new Expression.FieldValue(field);
    }

    private static Expression other(String name, String field, Dialect dialect)
            throws BadFilterException {
        if (dialect == Dialect.AMQP) {
            throw new BadFilterException("there is no field '" + name + "'");
        }
        Field known = name.startsWith("amqp.") ? Field.inSql(field) : null;
        return known == null ? new Expression.Property(name) : new Expression.FieldValue(known);
    }
}
