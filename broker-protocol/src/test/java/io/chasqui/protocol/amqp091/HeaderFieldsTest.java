package io.chasqui.protocol.amqp091;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HeaderFieldsTest {

    private static final int AT = 5;

    private static BasicProperties.Builder full() {
        return BasicProperties.builder()
                .contentType("text/plain")
                .deliveryMode(2)
                .replyTo("r")
                .messageId("m")
                .timestamp(new Timestamp(7));
    }

    private static ByteBuffer written(BasicProperties properties) {
        ByteBuffer in =
                ByteBuffer.allocateDirect(AT + ContentHeader.PREFIX_SIZE + properties.size())
                        .position(AT);
        ContentHeader.writePrefix(in, 1234);
        properties.write(in);
        return in;
    }

    private static ByteBuffer copied(
            ByteBuffer in, HeaderFields fields, @Nullable BasicProperty dropped) {
        ByteBuffer out = fields.copy(in, AT, in.capacity() - AT, dropped);
        ContentHeader.validate(out, 0, out.capacity());
        assertThat(ContentHeader.bodySize(out, 0)).isEqualTo(1234);
        return out;
    }

    private static BasicProperties read(ByteBuffer out) {
        return BasicProperties.read(out, 0, out.capacity());
    }

    @Test
    void fields_are_added_to_those_there_by_ascending_name() {
        ByteBuffer in = written(full().headers(FieldTable.of("z", 1, "a", "x")).build());
        ByteBuffer out = copied(in, HeaderFields.of(in, AT).put("m", 5L), null);
        FieldTable expected = FieldTable.builder().put("a", "x").put("m", 5L).put("z", 1).build();
        assertThat(read(out)).isEqualTo(full().headers(expected).build());
        assertThat(Objects.requireNonNull(read(out).headers()).asMap().keySet())
                .containsExactly("a", "m", "z");
    }

    @Test
    void a_message_without_headers_gets_some() {
        ByteBuffer in = written(full().build());
        ByteBuffer out = copied(in, HeaderFields.of(in, AT).put("x", true), null);
        assertThat(read(out)).isEqualTo(full().headers(FieldTable.of("x", true)).build());
    }

    @Test
    void a_message_without_any_property_gets_headers() {
        ByteBuffer in = written(BasicProperties.builder().build());
        ByteBuffer out = copied(in, HeaderFields.of(in, AT).put("x", 1L), BasicProperty.EXPIRATION);
        assertThat(read(out))
                .isEqualTo(BasicProperties.builder().headers(FieldTable.of("x", 1L)).build());
    }

    @Test
    void a_property_is_left_out_and_all_else_stays() {
        ByteBuffer in = written(full().headers(FieldTable.of("a", 1)).expiration("60000").build());
        ByteBuffer out = copied(in, HeaderFields.of(in, AT).put("a", 2), BasicProperty.EXPIRATION);
        assertThat(read(out)).isEqualTo(full().headers(FieldTable.of("a", 2)).build());
    }

    @Test
    void fields_can_be_read_and_removed() {
        ByteBuffer in = written(full().headers(FieldTable.of("a", 1, "b", "c")).build());
        HeaderFields fields = HeaderFields.of(in, AT);
        assertThat(fields.get("b")).isEqualTo("c");
        assertThat(fields.get("nothing")).isNull();
        assertThat(read(copied(in, fields.remove("a"), null)))
                .isEqualTo(full().headers(FieldTable.of("b", "c")).build());
    }
}
