package io.chasqui.protocol.amqp091;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ContentHeaderCopyTest {

    private static final int AT = 5;
    private static final byte[] HIDDEN = "hidden".getBytes(US_ASCII);
    private static final byte[] ADDRESS = DeliverWriter.shortString("a rather long address");

    private static final BasicProperties FULL =
            BasicProperties.builder()
                    .contentType("text/plain")
                    .headers(FieldTable.of("a", 1, "hidden", FieldTable.of("x", "y")))
                    .deliveryMode(2)
                    .correlationId("c")
                    .replyTo("r")
                    .messageId("m")
                    .timestamp(new Timestamp(7))
                    .appId("app")
                    .build();

    private static BasicProperties copied(
            BasicProperties properties, byte @Nullable [] dropped, byte @Nullable [] replyTo) {
        int size = ContentHeader.PREFIX_SIZE + properties.size();
        ByteBuffer in = ByteBuffer.allocateDirect(AT + size).position(AT);
        ContentHeader.writePrefix(in, 1234);
        properties.write(in);
        ByteBuffer out = ByteBuffer.allocate(size + 256);

        ContentHeaderCopy.write(in, AT, size, dropped, replyTo, out);

        assertThat(ContentHeader.bodySize(out, 0)).isEqualTo(1234);
        return BasicProperties.read(out, 0, out.position());
    }

    private static BasicProperties expected(FieldTable headers, String replyTo) {
        return BasicProperties.builder()
                .contentType("text/plain")
                .headers(headers)
                .deliveryMode(2)
                .correlationId("c")
                .replyTo(replyTo)
                .messageId("m")
                .timestamp(new Timestamp(7))
                .appId("app")
                .build();
    }

    @Test
    void a_field_is_left_out_and_all_else_stays() {
        assertThat(copied(FULL, HIDDEN, null)).isEqualTo(expected(FieldTable.of("a", 1), "r"));
    }

    @Test
    void reply_to_is_replaced_and_all_else_stays() {
        assertThat(copied(FULL, null, ADDRESS))
                .isEqualTo(
                        expected(
                                FieldTable.of("a", 1, "hidden", FieldTable.of("x", "y")),
                                "a rather long address"));
    }

    @Test
    void both_at_once() {
        assertThat(copied(FULL, HIDDEN, ADDRESS))
                .isEqualTo(expected(FieldTable.of("a", 1), "a rather long address"));
    }

    @Test
    void a_table_may_become_empty() {
        BasicProperties properties =
                BasicProperties.builder().headers(FieldTable.of("hidden", 1)).build();

        assertThat(copied(properties, HIDDEN, null))
                .isEqualTo(BasicProperties.builder().headers(FieldTable.EMPTY).build());
    }

    @Test
    void every_field_of_that_name_is_left_out() {
        ByteBuffer entries = ByteBuffer.allocate(64);
        for (int i = 0; i < 2; i++) {
            entries.put((byte) HIDDEN.length).put(HIDDEN).put((byte) 'b').put((byte) i);
        }
        BasicProperties properties =
                BasicProperties.builder()
                        .headers(new FieldTable(entries, 0, entries.position()))
                        .build();

        assertThat(copied(properties, HIDDEN, null))
                .isEqualTo(BasicProperties.builder().headers(FieldTable.EMPTY).build());
    }
}
