package io.chasqui.protocol.amqp091;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FieldTableCursorTest {

    private static final FieldTable TABLE =
            FieldTable.builder()
                    .put("number", 7)
                    .put("text", "seven")
                    .put("list", List.of("x", 1, "y"))
                    .put("nothing", null)
                    .build();

    private static ByteBuffer entries() {
        ByteBuffer entries = ByteBuffer.allocateDirect(TABLE.entriesSize());
        TABLE.writeEntries(entries);
        return entries;
    }

    @Test
    void it_goes_through_the_fields_in_their_order() {
        FieldTableCursor cursor = new FieldTableCursor(entries(), 0, TABLE.entriesSize());
        List<String> seen = new ArrayList<>();
        while (cursor.next()) {
            seen.add(cursor.name() + " " + (char) cursor.type() + " " + cursor.value());
        }

        assertThat(seen)
                .containsExactly(
                        "number I 7", "text S seven", "list A [x, 1, y]", "nothing V null");
        assertThat(cursor.end()).isEqualTo(TABLE.entriesSize());
    }

    @Test
    void it_knows_the_name_without_decoding_it() {
        FieldTableCursor cursor = new FieldTableCursor(entries(), 0, TABLE.entriesSize());

        assertThat(cursor.next()).isTrue();
        assertThat(cursor.isNamed("number".getBytes(US_ASCII))).isTrue();
        assertThat(cursor.isNamed("numbe".getBytes(US_ASCII))).isFalse();
        assertThat(cursor.isNamed("numbex".getBytes(US_ASCII))).isFalse();
    }

    @Test
    void it_goes_through_the_values_of_an_array() {
        ByteBuffer entries = entries();
        int array = FieldTableReader.find(entries, 0, TABLE.entriesSize(), "list");
        FieldTableCursor cursor = FieldTableCursor.ofArray(entries, array);
        List<Object> seen = new ArrayList<>();
        while (cursor.next()) {
            seen.add(cursor.value());
        }

        assertThat(seen).containsExactly("x", 1, "y");
    }

    @Test
    void an_empty_table_has_no_field() {
        assertThat(new FieldTableCursor(entries(), 3, 3).next()).isFalse();
    }
}
