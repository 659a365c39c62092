package io.chasqui.protocol.amqp091;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.impl.LongStringHelper;
import com.rabbitmq.client.impl.ValueReader;
import com.rabbitmq.client.impl.ValueWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Field values as RabbitMQ's Java client reads and writes them. */
class AmqpClientFieldTableTest {

    /** Our value, the client's, and whether the client writes the type too. */
    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of(true, true, true),
                Arguments.of((byte) -7, (byte) -7, true),
                Arguments.of(new UnsignedByte(200), 200, false),
                Arguments.of((short) -300, (short) -300, true),
                Arguments.of(new UnsignedShort(60_000), 60_000, false),
                Arguments.of(-70_000, -70_000, true),
                Arguments.of(new UnsignedInt(4_000_000_000L), 4_000_000_000L, false),
                Arguments.of(Long.MIN_VALUE, Long.MIN_VALUE, true),
                Arguments.of(1.5f, 1.5f, true),
                Arguments.of(-2.25, -2.25, true),
                Arguments.of(new BigDecimal("-12.340"), new BigDecimal("-12.340"), true),
                Arguments.of("Grüße", LongStringHelper.asLongString("Grüße"), true),
                Arguments.of(
                        LongString.of(new byte[] {-1}),
                        LongStringHelper.asLongString(new byte[] {-1}),
                        true),
                Arguments.of(
                        Arrays.asList(1, null, "a"),
                        Arrays.asList(1, null, LongStringHelper.asLongString("a")),
                        true),
                Arguments.of(new Timestamp(1_700_000_000L), new Date(1_700_000_000_000L), true),
                Arguments.of(FieldTable.of("k", 1L), Map.of("k", 1L), true),
                Arguments.of(null, null, true),
                Arguments.of(Binary.of(new byte[] {1, 2}), new byte[] {1, 2}, true));
    }

    @ParameterizedTest
    @MethodSource("values")
    void the_client_reads_what_we_write(Object ours, Object theirs, boolean written)
            throws IOException {
        FieldTable table = FieldTable.of("k", ours, "end", 1);
        ByteBuffer out = ByteBuffer.allocate(FieldTableWriter.sizeOf(table));
        FieldTableWriter.write(table, out);

        Map<String, Object> read =
                new ValueReader(new DataInputStream(new ByteArrayInputStream(out.array())))
                        .readTable();

        assertThat(read).containsOnlyKeys("k", "end").containsEntry("end", 1);
        assertThat(read.get("k")).isEqualTo(theirs);
    }

    @ParameterizedTest
    @MethodSource("values")
    void we_read_what_the_client_writes(Object ours, Object theirs, boolean written)
            throws IOException {
        if (!written) {
            return;
        }
        Map<String, Object> map = new HashMap<>();
        map.put("k", theirs);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ValueWriter writer = new ValueWriter(new DataOutputStream(out));
        writer.writeTable(map);
        writer.flush();

        FieldTable read =
                FieldTableReader.read(ByteBuffer.wrap(out.toByteArray()), 4, out.size() - 4);

        assertThat(read.asMap()).containsOnlyKeys("k");
        assertThat(read.get("k")).isEqualTo(ours);
    }
}
