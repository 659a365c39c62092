package io.chasqui.server.amqp10;

import io.chasqui.core.message.MessageFilter;
import io.chasqui.server.amqp10.filter.BadFilterException;
import io.chasqui.server.amqp10.filter.Condition;
import io.chasqui.server.amqp10.filter.Octets;
import io.chasqui.server.amqp10.filter.PropertyFilter;
import io.chasqui.server.amqp10.filter.Selector;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.DescribedType;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedByte;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.UnsignedLong;
import org.apache.qpid.proton.amqp.UnsignedShort;
import org.jspecify.annotations.Nullable;

/**
 * The filters of a source (1.0 §3.5.8): those that are known, which a message must pass all of, and
 * those that are not, which are left out of the answer.
 */
final class SourceFilters {

    private static final SourceFilters NONE = new SourceFilters(List.of(), Map.of(), List.of());

    private final List<Condition> conditions;
    private final Map<Symbol, Object> applied;
    private final List<String> selectors;

    private SourceFilters(
            List<Condition> conditions, Map<Symbol, Object> applied, List<String> selectors) {
        this.conditions = conditions;
        this.applied = applied;
        this.selectors = selectors;
    }

    /** What is known of the kinds of filters, each by its code and its name. */
    private enum Kind {
        SQL(0x120L, "amqp:sql-filter"),
        PROPERTIES(0x173L, "amqp:properties-filter"),
        APPLICATION_PROPERTIES(0x174L, "amqp:application-properties-filter"),
        SELECTOR(0x0000_468C_0000_0004L, "apache.org:selector-filter:string");

        private final UnsignedLong code;
        private final Symbol symbol;

        Kind(long code, String name) {
            this.code = UnsignedLong.valueOf(code);
            this.symbol = Symbol.valueOf(name);
        }

        static @Nullable Kind of(Object descriptor) {
            for (Kind kind : values()) {
                if (kind.code.equals(descriptor) || kind.symbol.equals(descriptor)) {
                    return kind;
                }
            }
            return null;
        }
    }

    /**
     * Reads the filters of a source.
     *
     * @throws Amqp10Error if one of a known kind makes no sense
     */
    static SourceFilters of(@Nullable Map<?, ?> filters) {
        if (filters == null || filters.isEmpty()) {
            return NONE;
        }
        List<Condition> conditions = new ArrayList<>();
        Map<Symbol, Object> applied = new LinkedHashMap<>();
        List<String> selectors = new ArrayList<>();
        filters.forEach((name, filter) -> {
            Kind kind =
                    filter instanceof DescribedType described
                            ? Kind.of(described.getDescriptor())
                            : null;
            if (kind != null && name instanceof Symbol key) {
                Object described = ((DescribedType) filter).getDescribed();
                conditions.add(condition(key, kind, described));
                applied.put(key, filter);
                if (kind == Kind.SELECTOR) {
                    selectors.add(text(described));
                }
            }
        });
        return new SourceFilters(List.copyOf(conditions), applied, List.copyOf(selectors));
    }

    private static Condition condition(Symbol name, Kind kind, Object described) {
        try {
            return switch (kind) {
                case SQL -> Selector.ofAmqp(text(described));
                case SELECTOR -> Selector.ofJms(text(described));
                case PROPERTIES -> PropertyFilter.ofProperties(fields(described));
                case APPLICATION_PROPERTIES ->
                        PropertyFilter.ofApplicationProperties(fields(described));
            };
        } catch (BadFilterException e) {
            throw bad(name + ": " + e.text());
        }
    }

    private static Amqp10Error bad(String what) {
        return Amqp10Error.link(Amqp10Error.INVALID_FIELD, "bad filter " + what);
    }

    private static String text(Object described) {
        if (described instanceof String text) {
            return text;
        }
        throw bad("a selector is a string");
    }

    private static Map<String, @Nullable Object> fields(Object described) {
        if (!(described instanceof Map<?, ?> map)) {
            throw bad("a property filter is a map");
        }
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        map.forEach((name, value) -> fields.put(String.valueOf(name), plain(value)));
        return fields;
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String text -> text;
            case Boolean is -> is;
            case UUID id -> id;
            case Symbol symbol -> symbol.toString();
            case Double number -> number;
            case Float number -> number.doubleValue();
            case Byte number -> number.longValue();
            case Short number -> number.longValue();
            case Integer number -> number.longValue();
            case Long number -> number;
            case UnsignedByte number -> number.longValue();
            case UnsignedShort number -> number.longValue();
            case UnsignedInteger number -> number.longValue();
            case UnsignedLong number -> number.longValue();
            case Date time -> time.getTime();
            case Binary octets -> new Octets(octetsOf(octets));
            default -> throw bad("values of type " + value.getClass().getSimpleName());
        };
    }

    private static byte[] octetsOf(Binary binary) {
        byte[] octets = new byte[binary.getLength()];
        binary.asByteBuffer().get(octets);
        return octets;
    }

    /** The selector of JMS, if there is one. */
    Optional<String> selector() {
        return selectors.stream().findFirst();
    }

    /** Whether there is no other filter than one selector of JMS. */
    boolean areSelectorsOnly() {
        return conditions.size() == selectors.size() && selectors.size() <= 1;
    }

    /** Those that are applied, as the client wrote them; null if none is. */
    @Nullable Map<Symbol, Object> applied() {
        return applied.isEmpty() ? null : applied;
    }

    /**
     * What asks them all; null if there is none.
     *
     * @param wallMs tells the time
     */
    @Nullable MessageFilter filter(LongSupplier wallMs) {
        if (conditions.isEmpty()) {
            return null;
        }
        StoredFields message = new StoredFields(wallMs);
        return (record, at) -> {
            message.look(record, at);
            for (Condition condition : conditions) {
                if (!condition.holds(message)) {
                    return false;
                }
            }
            return true;
        };
    }
}
