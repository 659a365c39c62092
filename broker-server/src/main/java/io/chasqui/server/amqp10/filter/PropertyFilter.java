package io.chasqui.server.amqp10.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A message passes if each of some fields has a certain value, or begins or ends with it (Filter
 * Expressions 1.0 §4). Values are those of {@link MessageFields}; null is for any.
 */
public final class PropertyFilter {

    /** RabbitMQ's bound. */
    static final int MOST_FIELDS = 16;

    private static final String SUFFIX = "&s:";
    private static final String PREFIX = "&p:";
    private static final String ESCAPE = "&&";

    private PropertyFilter() {}

    /** Of the properties, by their names on the wire. */
    public static Condition ofProperties(Map<String, @Nullable Object> wanted)
            throws BadFilterException {
        return condition(
                wanted,
                name -> {
                    Field field = Field.ofProperties(name);
                    return field == null ? null : message -> message.field(field);
                },
                false);
    }

    /** Of the application-properties; they must be there. */
    public static Condition ofApplicationProperties(Map<String, @Nullable Object> wanted)
            throws BadFilterException {
        return condition(wanted, name -> message -> message.applicationProperty(name), true);
    }

    /** Takes a value out of a message. */
    private interface Source extends Function<MessageFields, @Nullable Object> {}

    private static Condition condition(
            Map<String, @Nullable Object> wanted,
            Function<String, @Nullable Source> sources,
            boolean there)
            throws BadFilterException {
        if (wanted.isEmpty() || wanted.size() > MOST_FIELDS) {
            throw new BadFilterException(
                    "a property filter has 1 to " + MOST_FIELDS + " fields, not " + wanted.size());
        }
        List<Condition> conditions = new ArrayList<>();
        for (Map.Entry<String, @Nullable Object> entry : wanted.entrySet()) {
            Source source = sources.apply(entry.getKey());
            if (source == null) {
                throw new BadFilterException("there is no property '" + entry.getKey() + "'");
            }
            conditions.add(condition(source, entry.getValue(), there));
        }
        List<Condition> all = List.copyOf(conditions);
        return message -> {
            for (Condition each : all) {
                if (!each.holds(message)) {
                    return false;
                }
            }
            return true;
        };
    }

    private static Condition condition(Source source, @Nullable Object wanted, boolean there)
            throws BadFilterException {
        if (wanted == null) {
            return message -> !there || source.apply(message) != null;
        }
        if (!(wanted instanceof String text) || !text.startsWith("&")) {
            return equal(source, wanted);
        }
        String rest = text.substring(Math.min(PREFIX.length(), text.length()));
        if (text.startsWith(PREFIX)) {
            return message -> source.apply(message) instanceof String is && is.startsWith(rest);
        }
        if (text.startsWith(SUFFIX)) {
            return message -> source.apply(message) instanceof String is && is.endsWith(rest);
        }
        if (text.startsWith(ESCAPE)) {
            return equal(source, text.substring(1));
        }
        throw new BadFilterException("'" + text + "' begins with & but not with &p:, &s: or &&");
    }

    private static Condition equal(Source source, Object wanted) {
        Expression.Constant reference = new Expression.Constant(wanted);
        return message -> {
            Object is = source.apply(message);
            return is != null
                    && Boolean.TRUE.equals(
                            new Expression.Compare(
                                            Expression.Comparison.EQUAL,
                                            new Expression.Constant(is),
                                            reference)
                                    .value(message));
        };
    }
}
