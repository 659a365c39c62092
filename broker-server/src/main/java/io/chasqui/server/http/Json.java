package io.chasqui.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON as plain values: maps in their order, lists, texts, numbers, flags and null. Nothing is bound
 * to classes, so nothing that a client sends chooses one.
 */
public final class Json {

    private static final int MAX_DEPTH = 128;
    private static final int REPLACEMENT = 0xFFFD;

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();

    private Json() {}

    /** A value as UTF-8 text. */
    public static byte[] write(@Nullable Object value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator generator = generator(out)) {
            write(generator, value);
        }
        return out.toByteArray();
    }

    /** A value as text in one line. */
    public static String text(@Nullable Object value) {
        return new String(write(value), UTF_8);
    }

    /** For lists too long to be held: writes event by event. Closing it leaves {@code out} open. */
    public static JsonGenerator generator(OutputStream out) {
        return FACTORY.createGenerator(ObjectWriteContext.empty(), out);
    }

    /**
     * Writes a value at the generator's place.
     *
     * @throws IllegalArgumentException if there is something in it that JSON cannot say
     */
    public static void write(JsonGenerator to, @Nullable Object value) {
        switch (value) {
            case null -> to.writeNull();
            case Map<?, ?> map -> {
                to.writeStartObject();
                map.forEach((name, field) -> {
                    to.writeName(String.valueOf(name));
                    write(to, field);
                });
                to.writeEndObject();
            }
            case Iterable<?> list -> {
                to.writeStartArray();
                list.forEach(element -> write(to, element));
                to.writeEndArray();
            }
            case CharSequence text -> to.writeString(wellFormed(text.toString()));
            case Boolean flag -> to.writeBoolean(flag);
            case Byte number -> to.writeNumber(number);
            case Short number -> to.writeNumber(number);
            case Integer number -> to.writeNumber(number);
            case Long number -> to.writeNumber(number);
            case BigInteger number -> to.writeNumber(number);
            case BigDecimal number -> to.writeNumber(number);
            case Float number when !Float.isFinite(number) -> to.writeString(number.toString());
            case Float number -> to.writeNumber(number);
            case Double number when !Double.isFinite(number) -> to.writeString(number.toString());
            case Double number -> to.writeNumber(number);
            default ->
                    throw new IllegalArgumentException(
                            "no JSON for a " + value.getClass().getName());
        }
    }

    /** Half a surrogate pair, which no UTF-8 can say, becomes the replacement character. */
    private static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return new String(text.codePoints().map(Json::replaced).toArray(), 0, count(text));
            }
        }
        return text;
    }

    private static int count(String text) {
        return text.codePointCount(0, text.length());
    }

    private static int replaced(int codePoint) {
        return codePoint <= Character.MAX_VALUE && Character.isSurrogate((char) codePoint)
                ? REPLACEMENT
                : codePoint;
    }

    /**
     * Reads one object; an empty text counts as an empty one.
     *
     * @throws HttpRefusal if it is no JSON, or no object
     */
    public static Map<String, Object> readObject(byte[] utf8) throws HttpRefusal {
        if (utf8.length == 0) {
            return Map.of();
        }
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), utf8)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw HttpRefusal.badRequest("not a JSON object");
            }
            Map<String, Object> object = object(parser);
            if (parser.nextToken() != null) {
                throw HttpRefusal.badRequest("something stands behind the JSON object");
            }
            return object;
        } catch (JacksonException e) {
            throw HttpRefusal.badRequest("invalid JSON: " + e.getOriginalMessage());
        }
    }

    /**
     * Reads a list of objects, or one; an empty text counts as an empty list.
     *
     * @throws HttpRefusal if it is no JSON, or anything else
     */
    public static List<Map<String, Object>> readObjects(byte[] utf8) throws HttpRefusal {
        List<Map<String, Object>> objects = new ArrayList<>();
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), utf8)) {
            JsonToken first = parser.nextToken();
            JsonToken each = first == JsonToken.START_ARRAY ? parser.nextToken() : first;
            while (each == JsonToken.START_OBJECT) {
                objects.add(object(parser));
                each = parser.nextToken();
            }
            if (each != (first == JsonToken.START_ARRAY ? JsonToken.END_ARRAY : null)) {
                throw HttpRefusal.badRequest("not a JSON object, nor a list of them");
            }
            return objects;
        } catch (JacksonException e) {
            throw HttpRefusal.badRequest("invalid JSON: " + e.getOriginalMessage());
        }
    }

    private static Map<String, Object> object(JsonParser parser) {
        Map<String, Object> fields = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            Object value = value(parser);
            if (value != null) {
                fields.put(name, value);
            }
        }
        return fields;
    }

    private static List<@Nullable Object> list(JsonParser parser) {
        List<@Nullable Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value(parser));
        }
        return elements;
    }

    private static @Nullable Object value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> list(parser);
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            default -> null;
        };
    }
}
