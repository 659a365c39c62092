package io.chasqui.protocol.amqp091;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FieldTableTest {

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of('t', true),
                Arguments.of('t', false),
                Arguments.of('b', Byte.MIN_VALUE),
                Arguments.of('B', new UnsignedByte(255)),
                Arguments.of('s', Short.MIN_VALUE),
                Arguments.of('u', new UnsignedShort(65_535)),
                Arguments.of('I', Integer.MIN_VALUE),
                Arguments.of('i', new UnsignedInt(4_294_967_295L)),
                Arguments.of('l', Long.MIN_VALUE),
                Arguments.of('f', -0.0f),
                Arguments.of('f', Float.NaN),
                Arguments.of('d', Double.MIN_VALUE),
                Arguments.of('D', new BigDecimal("-12.340")),
                Arguments.of('D', new BigDecimal("2147483647")),
                Arguments.of('S', ""),
                Arguments.of('S', "Grüße 🐦"),
                Arguments.of('S', LongString.of(new byte[] {(byte) 0xFF, 0})),
                Arguments.of('A', List.of()),
                Arguments.of('A', List.of(1, "two", List.of(3L), FieldTable.of("n", null))),
                Arguments.of('T', new Timestamp(-1)),
                Arguments.of('T', new Timestamp(1_700_000_000L)),
                Arguments.of('F', FieldTable.EMPTY),
                Arguments.of('F', FieldTable.of("a", (byte) 1, "b", FieldTable.of("c", 2.5))),
                Arguments.of('V', null),
                Arguments.of('x', Binary.of(new byte[] {0, 1, (byte) 0x80})));
    }

    @ParameterizedTest
    @MethodSource("values")
    void every_type_has_its_octet_and_reads_back_as_the_same_type(char type, Object value) {
        FieldTable table = FieldTable.of("name", value, "after", "x");

        ByteBuffer out = ByteBuffer.allocate(FieldTableWriter.sizeOf(table));
        FieldTableWriter.write(table, out);

        assertThat(out.hasRemaining()).isFalse();
        assertThat(out.getInt(0)).isEqualTo(out.capacity() - 4);
        assertThat((char) out.get(4 + 1 + 4)).isEqualTo(type);
        FieldTable read = FieldTableReader.read(out, 4, out.capacity() - 4);
        assertThat(read.get("name")).isEqualTo(value);
        assertThat(read.contains("name")).isTrue();
        assertThat(read.get("after")).isEqualTo("x");
        assertThat(read).isEqualTo(table).hasSameHashCodeAs(table).hasToString(table.toString());
    }

    @Test
    void a_null_within_a_list_is_a_void() {
        List<Object> list = Collections.unmodifiableList(Arrays.asList(null, 1, null));

        assertThat(FieldTable.of("list", list).get("list")).isEqualTo(list);
    }

    @Test
    void both_letters_of_a_64_bit_integer_are_signed() {
        assertThat(read("1:n L ffffffffffffffff").get("n")).isEqualTo(-1L);
        assertThat(read("1:n l ffffffffffffffff").get("n")).isEqualTo(-1L);
    }

    @Test
    void a_decimal_is_signed_and_may_have_255_places() {
        assertThat(read("1:n D ff ffffffff").get("n"))
                .isEqualTo(new BigDecimal(BigInteger.valueOf(-1), 255));
    }

    @Test
    void any_octet_but_zero_is_true() {
        assertThat(read("1:n t 02").get("n")).isEqualTo(true);
    }

    @Test
    void the_first_value_of_a_repeated_name_counts_and_the_octets_stay_as_they_came() {
        FieldTable table = read("1:n b 01 1:m V 1:n b 02");

        assertThat(table.get("n")).isEqualTo((byte) 1);
        assertThat(table.size()).isEqualTo(3);
        assertThat(table.asMap()).containsExactly(Map.entry("n", (byte) 1), entry("m"));
        ByteBuffer out = ByteBuffer.allocate(100);
        FieldTableWriter.write(table, out);
        assertThat(out.flip()).isEqualTo(octets("0000000b 1:n b 01 1:m V 1:n b 02"));
    }

    private static Map.Entry<String, Object> entry(String name) {
        return new AbstractMap.SimpleEntry<>(name, null);
    }

    @Test
    void order_is_kept_but_does_not_make_tables_differ() {
        Map<String, Object> reversed = new LinkedHashMap<>();
        reversed.put("b", 2);
        reversed.put("a", 1);
        FieldTable table = FieldTable.of("a", 1, "b", 2);

        assertThat(table.asMap().keySet()).containsExactly("a", "b");
        assertThat(FieldTable.of(reversed).asMap().keySet()).containsExactly("b", "a");
        assertThat(FieldTable.of(reversed)).isEqualTo(table).hasSameHashCodeAs(table);
        assertThat(table).isNotEqualTo(FieldTable.of("a", 1, "b", 2L));
    }

    @Test
    void a_table_shares_no_octet_with_the_buffer_it_was_read_from() {
        ByteBuffer in = octets("1:n S 00000001 61");
        FieldTable table = FieldTableReader.read(in, 0, in.limit());

        for (int i = 0; i < in.limit(); i++) {
            in.put(i, (byte) 0xFF);
        }

        assertThat(table.get("n")).isEqualTo("a");
    }

    @Test
    void its_map_and_lists_cannot_be_changed() {
        FieldTable table = FieldTable.of("list", List.of(1));

        assertThatThrownBy(() -> table.asMap().put("x", 1))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> ((List<?>) table.get("list")).clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void a_missing_name_is_null() {
        assertThat(FieldTable.EMPTY.get("x")).isNull();
        assertThat(FieldTable.EMPTY.contains("x")).isFalse();
        assertThat(FieldTable.EMPTY.isEmpty()).isTrue();
        assertThat(FieldTable.of(Map.of())).isSameAs(FieldTable.EMPTY);
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("05 61", "field name runs past its table"),
                Arguments.of("1:n", "field value is missing"),
                Arguments.of("03 6162", "field name runs past its table"),
                Arguments.of("1:n I 000000", "field value runs past its table"),
                Arguments.of("1:n S 0000", "size field is cut off"),
                Arguments.of("1:n S 00000002 61", "size 2 exceeds the 1 octets left"),
                Arguments.of("1:n S ffffffff 61", "size 4294967295 exceeds the 1 octets left"),
                Arguments.of("1:n F 7fffffff 61", "size 2147483647 exceeds the 1 octets left"),
                Arguments.of("1:n A 00000002 V S", "size field is cut off"),
                Arguments.of("1:n U 00", "unknown field type 85"),
                Arguments.of("01 ff V", "malformed UTF-8 in field name"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void malformed_entries_are_a_syntax_error(String entries, String detail) {
        assertThatThrownBy(() -> read(entries))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("SYNTAX_ERROR - " + detail);
    }

    @Test
    void tables_and_lists_nest_64_deep_and_no_deeper() {
        assertThat(nested('F', FieldTable.MAX_DEPTH).contains("n")).isTrue();
        assertThat(nested('A', FieldTable.MAX_DEPTH).contains("n")).isTrue();
        for (char type : new char[] {'F', 'A'}) {
            assertThatThrownBy(() -> nested(type, FieldTable.MAX_DEPTH + 1))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessage("SYNTAX_ERROR - field table nests deeper than 64");
            assertThatThrownBy(() -> nested(type, 18_000)).isInstanceOf(ProtocolException.class);
        }
        assertThat(nested('F', FieldTable.MAX_DEPTH)).isEqualTo(nested('F', FieldTable.MAX_DEPTH));
    }

    /** A table in which {@code depth - 1} tables or lists lie in one another. */
    private static FieldTable nested(char type, int depth) {
        ByteBuffer in = ByteBuffer.allocate(10 * depth);
        int entry = type == 'F' ? 7 : 5;
        in.put((byte) 1).put((byte) 'n');
        for (int left = depth - 2; left >= 0; left--) {
            in.put((byte) type).putInt(left * entry);
            if (type == 'F' && left > 0) {
                in.put((byte) 1).put((byte) 'n');
            }
        }
        return FieldTableReader.read(in, 0, in.position());
    }

    /** The name's hash is that of all others, the attack on maps of the peer's strings. */
    @Test
    @Timeout(value = 10, unit = TimeUnit.SECONDS)
    void names_of_equal_hash_do_no_harm() {
        FieldTable.Builder builder = FieldTable.builder();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 4096; i++) {
            StringBuilder name = new StringBuilder();
            for (int bit = 0; bit < 12; bit++) {
                name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            names.add(name.toString());
            builder.put(name.toString(), i);
        }
        FieldTable table = builder.build();

        assertThat(table.asMap()).hasSize(4096);
        assertThat(table.get(names.getLast())).isEqualTo(4095);
        assertThat(table).isEqualTo(FieldTable.of(new HashMap<>(table.asMap())));
    }

    @Test
    void only_values_the_wire_knows_are_taken() {
        assertThatThrownBy(() -> FieldTable.of("n", new StringBuilder()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FieldTable.of("n", new BigDecimal("2147483648")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FieldTable.of("n", new BigDecimal("1E+5")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FieldTable.of("n".repeat(256), 1))
                .isInstanceOf(IllegalArgumentException.class);
        List<Object> list = new ArrayList<>();
        list.add(list);
        assertThatThrownBy(() -> FieldTable.of("n", list))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_field_is_found_in_place() {
        ByteBuffer in = octets("1:a S 00000003 787878 2:bb I 00000007");

        int found = FieldTableReader.find(in, 0, in.limit(), "bb");

        assertThat(FieldTableReader.valueAt(in, found)).isEqualTo(7);
        assertThat(FieldTableReader.find(in, 0, in.limit(), "b")).isEqualTo(-1);
        assertThat(FieldTableReader.find(in, 0, in.limit(), "ba")).isEqualTo(-1);
    }

    private static FieldTable read(String entries) {
        ByteBuffer in = octets(entries);
        return FieldTableReader.read(in, 0, in.limit());
    }

    /** Octets from words: {@code 1:n} a name with its size, one letter a type, else hexadecimal. */
    private static ByteBuffer octets(String words) {
        ByteBuffer out = ByteBuffer.allocate(words.length());
        for (String word : words.split(" ", -1)) {
            int colon = word.indexOf(':');
            if (colon > 0) {
                out.put(Byte.parseByte(word.substring(0, colon)));
                out.put(word.substring(colon + 1).getBytes(UTF_8));
            } else if (word.length() == 1) {
                out.put((byte) word.charAt(0));
            } else {
                out.put(HexFormat.of().parseHex(word));
            }
        }
        return out.flip();
    }
}
