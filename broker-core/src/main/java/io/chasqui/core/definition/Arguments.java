package io.chasqui.core.definition;

import io.chasqui.core.refusal.Refusal;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The argument table of a declaration or a binding: an immutable map that keeps the order of its
 * entries but does not compare it, as RabbitMQ sorts tables before it compares bindings.
 *
 * <p>Values are plain: {@link Boolean}, {@link Byte}, {@link Short}, {@link Integer}, {@link Long},
 * {@link Float}, {@link Double}, {@link BigDecimal}, {@link String}, {@link Instant}, {@link
 * Binary}, {@link List}, {@link Map} and {@code null}, deeply frozen. Two tables are equal only if
 * their values have the same types: a binding with {@code 1} as a short is another binding than one
 * with {@code 1} as a long, as in RabbitMQ. {@link Equivalence} is the tolerant comparison.
 */
public final class Arguments {

    /** Tables nested deeper are refused, so that no reader of one can run out of stack. */
    public static final int MAX_DEPTH = 64;

    /** No arguments. */
    public static final Arguments EMPTY = new Arguments(Map.of());

    private final Map<String, @Nullable Object> values;

    private Arguments(Map<String, @Nullable Object> values) {
        this.values = values;
    }

    /**
     * A deep copy of {@code values}; {@code byte[]} becomes {@link Binary}.
     *
     * @throws Refusal.PreconditionFailed if nested deeper than {@link #MAX_DEPTH}
     * @throws IllegalArgumentException if a value is none of the types above
     */
    public static Arguments of(Map<String, ? extends @Nullable Object> values) {
        return values.isEmpty() ? EMPTY : new Arguments(frozenTable(values, 0));
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    public boolean contains(String name) {
        return values.containsKey(name);
    }

    /** The value, or null if there is none or it is the void value; see {@link #contains}. */
    public @Nullable Object get(String name) {
        return values.get(name);
    }

    /** In the order of the table. */
    public Set<String> names() {
        return values.keySet();
    }

    /** The value if it is an integer of any width. */
    public OptionalLong integer(String name) {
        return switch (values.get(name)) {
            case Byte value -> OptionalLong.of(value);
            case Short value -> OptionalLong.of(value);
            case Integer value -> OptionalLong.of(value);
            case Long value -> OptionalLong.of(value);
            case null, default -> OptionalLong.empty();
        };
    }

    /** The value if it is a string. */
    public Optional<String> text(String name) {
        return values.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** Whether the value is the boolean {@code true}. */
    public boolean isTrue(String name) {
        return Boolean.TRUE.equals(values.get(name));
    }

    /** This table with one value put in place, at the end if it is new. */
    public Arguments with(String name, @Nullable Object value) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(values);
        copy.put(name, value);
        return of(copy);
    }

    /** This table without the value. */
    public Arguments without(String name) {
        if (!values.containsKey(name)) {
            return this;
        }
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(values);
        copy.remove(name);
        return of(copy);
    }

    /** Read only, in the order of the table. */
    public Map<String, @Nullable Object> asMap() {
        return values;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Arguments that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }

    private static Map<String, @Nullable Object> frozenTable(
            Map<?, ? extends @Nullable Object> table, int depth) {
        checkDepth(depth);
        Map<String, @Nullable Object> frozen = LinkedHashMap.newLinkedHashMap(table.size());
        table.forEach((name, value) -> frozen.put((String) name, frozen(value, depth + 1)));
        return Collections.unmodifiableMap(frozen);
    }

    private static List<@Nullable Object> frozenList(List<?> list, int depth) {
        checkDepth(depth);
        List<@Nullable Object> frozen = new ArrayList<>(list.size());
        for (Object value : list) {
            frozen.add(frozen(value, depth + 1));
        }
        return Collections.unmodifiableList(frozen);
    }

    private static @Nullable Object frozen(@Nullable Object value, int depth) {
        return switch (value) {
            case null -> null;
            case byte[] octets -> Binary.of(octets);
            case Map<?, ?> table -> frozenTable(table, depth);
            case List<?> list -> frozenList(list, depth);
            case Boolean _, Byte _, Short _, Integer _, Long _, Float _, Double _ -> value;
            case BigDecimal _, String _, Instant _, Binary _ -> value;
            default ->
                    throw new IllegalArgumentException(
                            "no argument can be a " + value.getClass().getName());
        };
    }

    private static void checkDepth(int depth) {
        if (depth > MAX_DEPTH) {
            throw new Refusal.PreconditionFailed(
                    "arguments are nested more than " + MAX_DEPTH + " levels deep");
        }
    }
}
