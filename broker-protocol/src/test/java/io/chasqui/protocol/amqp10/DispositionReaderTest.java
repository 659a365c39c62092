package io.chasqui.protocol.amqp10;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class DispositionReaderTest {

    private static final int ACCEPTED = 0x24;
    private static final int RELEASED = 0x26;

    private final DispositionReader disposition = new DispositionReader();

    @Test
    void a_range_of_deliveries_is_read() {
        read(
                5,
                fields ->
                        fields.bool(true).uint(3).uint(9).bool(true).described(ACCEPTED).putNull());
        assertThat(disposition.isReceivers()).isTrue();
        assertThat(disposition.first()).isEqualTo(3);
        assertThat(disposition.last()).isEqualTo(9);
        assertThat(disposition.settled()).isTrue();
        assertThat(disposition.accepted()).isTrue();
    }

    @Test
    void without_a_last_one_it_is_about_the_first() {
        read(2, fields -> fields.bool(false).uint(3));
        assertThat(disposition.isReceivers()).isFalse();
        assertThat(disposition.last()).isEqualTo(3);
        assertThat(disposition.settled()).isFalse();
        assertThat(disposition.accepted()).isFalse();
        assertThat(disposition.stateAt()).isEqualTo(DispositionReader.MISSING);
    }

    @Test
    void another_outcome_is_found() {
        read(
                5,
                fields ->
                        fields.bool(true)
                                .uint(3)
                                .putNull()
                                .bool(true)
                                .described(RELEASED)
                                .putNull());
        assertThat(disposition.accepted()).isFalse();
        assertThat(disposition.stateAt()).isPositive();
        assertThat(disposition.stateLength()).isEqualTo(4);
    }

    @Test
    void what_only_looks_like_accepted_is_not() {
        byte[] octets = new byte[TypeCode.SMALL_ULONG];
        octets[0] = ACCEPTED;
        read(5, fields -> fields.bool(true).uint(3).putNull().bool(true).binary(octets));
        assertThat(disposition.accepted()).isFalse();
    }

    @Test
    void role_and_first_are_mandatory() {
        assertThatThrownBy(() -> read(1, fields -> fields.bool(true)))
                .hasMessageContaining("first is mandatory");
        assertThatThrownBy(() -> read(2, fields -> fields.putNull().uint(1)))
                .hasMessageContaining("role is mandatory");
        assertThatThrownBy(() -> read(2, fields -> fields.uint(1).uint(1)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("role is of another type");
    }

    private void read(int count, Consumer<ValueWriter> fields) {
        ValueWriter out = new ValueWriter().described(Performative.DISPOSITION);
        int list = out.beginList();
        fields.accept(out);
        out.end(list, count);
        disposition.read(ByteBuffer.wrap(out.toArray()), 0, out.size());
    }
}
