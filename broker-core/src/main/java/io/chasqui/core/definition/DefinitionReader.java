package io.chasqui.core.definition;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parts of a definition in the format of {@link DefinitionCodec}. Believes no length, no
 * count and no depth: whatever the octets are, the answer is a value or a {@link
 * DefinitionFormatException}, and no more memory is taken than the octets themselves can fill.
 */
final class DefinitionReader {

    private final ByteBuffer octets;

    /** Takes over {@code octets}' position; reads big-endian whatever its order is. */
    DefinitionReader(ByteBuffer octets) {
        this.octets = octets.slice().order(ByteOrder.BIG_ENDIAN);
        octets.position(octets.limit());
    }

    byte octet() {
        expect(1);
        return octets.get();
    }

    int int32() {
        expect(Integer.BYTES);
        return octets.getInt();
    }

    long int64() {
        expect(Long.BYTES);
        return octets.getLong();
    }

    String text() {
        int length = length();
        ByteBuffer text = octets.slice(octets.position(), length);
        octets.position(octets.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
        } catch (CharacterCodingException e) {
            throw new DefinitionFormatException("a string that is not UTF-8", e);
        }
    }

    Arguments arguments() {
        return Arguments.of(table(0));
    }

    void expectEnd() {
        if (octets.hasRemaining()) {
            throw new DefinitionFormatException(
                    octets.remaining() + " octets after the end of a definition");
        }
    }

    private Map<String, @Nullable Object> table(int depth) {
        checkDepth(depth);
        int count = count();
        Map<String, @Nullable Object> table = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            table.put(text(), value(depth + 1));
        }
        if (table.size() != count) {
            throw new DefinitionFormatException("a table with one name twice");
        }
        return table;
    }

    private List<@Nullable Object> list(int depth) {
        checkDepth(depth);
        int count = count();
        List<@Nullable Object> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            list.add(value(depth + 1));
        }
        return list;
    }

    private @Nullable Object value(int depth) {
        byte type = octet();
        return switch (type) {
            case 'V' -> null;
            case 't' -> flag();
            case 'b' -> octet();
            case 's' -> int16();
            case 'I' -> int32();
            case 'l' -> int64();
            case 'f' -> Float.intBitsToFloat(int32());
            case 'd' -> Double.longBitsToDouble(int64());
            case 'D' -> decimal();
            case 'S' -> text();
            case 'T' -> instant();
            case 'x' -> Binary.of(binary());
            case 'A' -> list(depth);
            case 'F' -> table(depth);
            default -> throw new DefinitionFormatException("unknown value type " + type);
        };
    }

    private boolean flag() {
        byte flag = octet();
        if (flag != 0 && flag != 1) {
            throw new DefinitionFormatException("a boolean of " + flag);
        }
        return flag == 1;
    }

    private short int16() {
        expect(Short.BYTES);
        return octets.getShort();
    }

    byte[] binary() {
        byte[] binary = new byte[length()];
        octets.get(binary);
        return binary;
    }

    private BigDecimal decimal() {
        int scale = int32();
        byte[] unscaled = binary();
        if (unscaled.length == 0) {
            throw new DefinitionFormatException("a decimal without digits");
        }
        return new BigDecimal(new BigInteger(unscaled), scale);
    }

    private Instant instant() {
        long seconds = int64();
        int nanoseconds = int32();
        try {
            return Instant.ofEpochSecond(seconds, nanoseconds);
        } catch (DateTimeException | ArithmeticException e) {
            throw new DefinitionFormatException("a timestamp out of range", e);
        }
    }

    private int length() {
        int length = int32();
        if (length < 0 || length > octets.remaining()) {
            throw new DefinitionFormatException(
                    "a length of " + length + " with " + octets.remaining() + " octets left");
        }
        return length;
    }

    /** Memory is not taken by it but entry by entry, so a false one ends at the last octet. */
    private int count() {
        int count = int32();
        if (count < 0) {
            throw new DefinitionFormatException("a count of " + count);
        }
        return count;
    }

    private void expect(int length) {
        if (octets.remaining() < length) {
            throw new DefinitionFormatException("a definition that ends too early");
        }
    }

    private static void checkDepth(int depth) {
        if (depth > Arguments.MAX_DEPTH) {
            throw new DefinitionFormatException(
                    "a table nested more than " + Arguments.MAX_DEPTH + " levels deep");
        }
    }
}
