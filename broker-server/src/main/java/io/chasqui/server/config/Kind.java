package io.chasqui.server.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How the value of a setting is written, be it in YAML, in the environment or as an option.
 *
 * @param description what may stand there, for people
 * @param parser reads it; an {@link IllegalArgumentException} if it is not that
 * @param shape what it is in YAML
 * @param secret whether it is never shown
 */
record Kind<T>(String description, Function<String, T> parser, Shape shape, boolean secret) {

    /**
     * What a value is in YAML. Elsewhere the elements of a list stand between commas, those of a
     * map as {@code name=value}.
     */
    enum Shape {
        VALUE,
        LIST,
        MAP
    }

    Kind(String description, Function<String, T> parser) {
        this(description, parser, Shape.VALUE, false);
    }

    private static final Map<String, Long> BYTE_UNITS =
            Map.of("", 1L, "b", 1L, "kib", 1L << 10, "mib", 1L << 20, "gib", 1L << 30);
    private static final Map<String, Long> TIME_UNITS_MS =
            Map.of("ms", 1L, "s", 1000L, "m", 60_000L, "h", 3_600_000L);

    T parse(String text) {
        return parser.apply(secret ? text : text.strip());
    }

    static Kind<String> text() {
        return new Kind<>("text", text -> text);
    }

    /** Text that is never shown. */
    static Kind<String> hiddenText() {
        return new Kind<>("text, which is never shown", text -> text, Shape.VALUE, true);
    }

    static Kind<Path> path() {
        return new Kind<>(
                "a path",
                text -> {
                    if (text.isEmpty()) {
                        throw new IllegalArgumentException("an empty path");
                    }
                    return Path.of(text);
                });
    }

    static Kind<Boolean> flag() {
        return new Kind<>(
                "true or false",
                text ->
                        switch (text.toLowerCase(Locale.ROOT)) {
                            case "true" -> true;
                            case "false" -> false;
                            default -> throw new IllegalArgumentException(text);
                        });
    }

    static Kind<String> oneOf(String... choices) {
        List<String> known = List.of(choices);
        return new Kind<>(
                "one of " + String.join(", ", known),
                text -> {
                    if (!known.contains(text)) {
                        throw new IllegalArgumentException(text);
                    }
                    return text;
                });
    }

    /** Several texts: a YAML list, or separated by commas. */
    static Kind<List<String>> list() {
        return new Kind<>(
                "a list",
                text -> {
                    List<String> parts = new ArrayList<>();
                    for (String part : text.split(",", -1)) {
                        if (part.isBlank()) {
                            throw new IllegalArgumentException("an empty element");
                        }
                        parts.add(part.strip());
                    }
                    return List.copyOf(parts);
                },
                Shape.LIST,
                false);
    }

    /** Values by name: a YAML map, or {@code name=value} separated by commas; may be empty. */
    static <V> Kind<Map<String, V>> mapOf(Kind<V> values) {
        return new Kind<>(
                "a map from name to " + values.description,
                text -> {
                    Map<String, V> map = new LinkedHashMap<>();
                    for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
                        int equals = part.indexOf('=');
                        if (equals < 1) {
                            throw new IllegalArgumentException("not name=value");
                        }
                        map.put(
                                part.substring(0, equals).strip(),
                                values.parse(part.substring(equals + 1)));
                    }
                    return Collections.unmodifiableMap(map);
                },
                Shape.MAP,
                false);
    }

    static Kind<Integer> number(int from, int to) {
        return new Kind<>(
                "a whole number from " + from + " to " + to,
                text -> Math.toIntExact(within(Long.parseLong(text), from, to)));
    }

    /** A port to listen on. */
    static Kind<PortChoice> port(int standard) {
        Kind<Integer> number = number(0, 65_535);
        return new Kind<>(
                "auto, off, or " + number.description,
                text ->
                        switch (text.toLowerCase(Locale.ROOT)) {
                            case "auto" -> PortChoice.ifFree(standard);
                            case "off" -> PortChoice.NONE;
                            default -> PortChoice.fixed(number.parser.apply(text));
                        });
    }

    /** A number of octets, such as {@code 131072} or {@code 16MiB}. */
    static Kind<Long> bytes(long from, long to) {
        return new Kind<>(
                "a size from " + sizeText(from) + " to " + sizeText(to) + ", such as 64MiB",
                text -> within(scaled(text, BYTE_UNITS), from, to));
    }

    /** A number of octets that is a power of two. */
    static Kind<Long> powerOfTwoBytes(long from, long to) {
        Kind<Long> bytes = bytes(from, to);
        return new Kind<>(
                bytes.description + ", a power of two",
                text -> {
                    long value = bytes.parser.apply(text);
                    if (Long.bitCount(value) != 1) {
                        throw new IllegalArgumentException(text);
                    }
                    return value;
                });
    }

    /** A part of the memory there is, such as {@code 0.8}, or a size. */
    static Kind<BrokerConfig.Watermark> watermark() {
        Kind<Long> size = bytes(16L << 20, 1L << 50);
        return new Kind<>(
                "a part from 0.1 to 1.0, or a size of at least 16MiB, such as 2GiB",
                text -> {
                    if (!text.contains(".")) {
                        return new BrokerConfig.Watermark(0, size.parser.apply(text));
                    }
                    double part = Double.parseDouble(text);
                    if (!(part >= 0.1 && part <= 1)) {
                        throw new IllegalArgumentException(text);
                    }
                    return new BrokerConfig.Watermark(part, 0);
                });
    }

    /** A time in milliseconds, written with its unit, such as {@code 10s}. */
    static Kind<Long> duration(long fromMs, long toMs) {
        return new Kind<>(
                "a time from " + timeText(fromMs) + " to " + timeText(toMs) + ", such as 10s",
                text -> within(scaled(text, TIME_UNITS_MS), fromMs, toMs));
    }

    /** This, or {@code auto}: the broker decides. */
    Kind<Optional<T>> orAuto() {
        return or("auto");
    }

    /** This, or {@code none}. */
    Kind<Optional<T>> orNone() {
        return or("none");
    }

    private Kind<Optional<T>> or(String nothing) {
        return new Kind<>(
                nothing + ", or " + description,
                text ->
                        text.equalsIgnoreCase(nothing)
                                ? Optional.empty()
                                : Optional.of(parser.apply(text)),
                shape,
                secret);
    }

    private static long scaled(String text, Map<String, Long> units) {
        int digits = 0;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        Long scale = units.get(text.substring(digits).strip().toLowerCase(Locale.ROOT));
        if (digits == 0 || scale == null) {
            throw new IllegalArgumentException(text);
        }
        return Math.multiplyExact(Long.parseLong(text.substring(0, digits)), scale);
    }

    private static long within(long value, long from, long to) {
        if (value < from || value > to) {
            throw new IllegalArgumentException(value + " is out of bounds");
        }
        return value;
    }

    private static String sizeText(long bytes) {
        for (String unit : List.of("GiB", "MiB", "KiB")) {
            long scale = BYTE_UNITS.getOrDefault(unit.toLowerCase(Locale.ROOT), 1L);
            if (bytes >= scale && bytes % scale == 0) {
                return bytes / scale + unit;
            }
        }
        return bytes + "B";
    }

    private static String timeText(long ms) {
        for (String unit : List.of("h", "m", "s")) {
            long scale = TIME_UNITS_MS.getOrDefault(unit, 1L);
            if (ms >= scale && ms % scale == 0) {
                return ms / scale + unit;
            }
        }
        return ms + "ms";
    }
}
