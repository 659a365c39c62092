package io.chasqui.protocol.amqp10;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TransferReaderTest {

    private final TransferReader transfer = new TransferReader();

    @Test
    void a_whole_transfer_is_read_and_its_payload_found() {
        ByteBuffer frame =
                frame(
                        11,
                        fields ->
                                fields.uint(7)
                                        .uint(300)
                                        .binary(new byte[] {1, 2, 3})
                                        .uint(0)
                                        .bool(true)
                                        .bool(true)
                                        .ubyte(1)
                                        .described(0x24)
                                        .putNull()
                                        .bool(true)
                                        .bool(true)
                                        .bool(true));
        read(frame);
        assertThat(transfer.handle()).isEqualTo(7);
        assertThat(transfer.deliveryId()).isEqualTo(300);
        assertThat(transfer.tagLength()).isEqualTo(3);
        assertThat(transfer.messageFormat()).isZero();
        assertThat(transfer.settled()).isTrue();
        assertThat(transfer.more()).isTrue();
        assertThat(transfer.rcvSettleMode()).isEqualTo(1);
        assertThat(transfer.stateAt()).isPositive();
        assertThat(transfer.stateLength()).isEqualTo(4);
        assertThat(transfer.resume()).isTrue();
        assertThat(transfer.aborted()).isTrue();
        assertThat(transfer.payloadAt()).isEqualTo(frame.limit() - 1);
    }

    @Test
    void what_is_null_or_left_out_is_missing() {
        read(frame(3, fields -> fields.uint(0).putNull().putNull()));
        assertThat(transfer.handle()).isZero();
        assertThat(transfer.deliveryId()).isEqualTo(TransferReader.MISSING);
        assertThat(transfer.tagLength()).isEqualTo(TransferReader.MISSING);
        assertThat(transfer.messageFormat()).isEqualTo(TransferReader.MISSING);
        assertThat(transfer.stateAt()).isEqualTo(TransferReader.MISSING);
        assertThat(transfer.settled()).isFalse();
        assertThat(transfer.more()).isFalse();
    }

    @Test
    void one_of_the_frame_before_leaves_nothing_behind() {
        read(frame(5, fields -> fields.uint(1).uint(2).binary(new byte[1]).uint(3).bool(true)));
        read(frame(1, fields -> fields.uint(4)));
        assertThat(transfer.deliveryId()).isEqualTo(TransferReader.MISSING);
        assertThat(transfer.settled()).isFalse();
    }

    @Test
    void a_field_of_another_type_is_refused() {
        assertRefused(frame(1, fields -> fields.string("0")), "handle is of another type");
        assertRefused(frame(2, fields -> fields.uint(0).slong(1)), "delivery-id");
        assertRefused(frame(3, fields -> fields.uint(0).putNull().string("x")), "delivery-tag");
        assertRefused(frame(5, fields -> nulls(fields.uint(0), 3).uint(1)), "settled");
        assertRefused(frame(7, fields -> nulls(fields.uint(0), 5).uint(1)), "rcv-settle-mode");
    }

    @Test
    void what_is_no_transfer_is_refused() {
        assertRefused(frame(1, ValueWriter::putNull), "handle is mandatory");
        assertRefused(frame(0, _ -> {}), "handle is mandatory");
        assertRefused(frame(12, fields -> nulls(fields.uint(0), 11)), "12 fields");
        ByteBuffer truncated = frame(1, fields -> fields.uint(300));
        for (int end = 3; end < truncated.limit() - 1; end++) {
            int limit = end;
            assertThatThrownBy(() -> transfer.read(truncated, 0, limit))
                    .isInstanceOf(MalformedException.class);
        }
        ValueWriter map = new ValueWriter().described(Performative.TRANSFER);
        map.end(map.beginMap(), 0);
        assertRefused(ByteBuffer.wrap(map.toArray()), "no list");
    }

    @Test
    void descriptors_are_known_in_each_encoding() {
        assertThat(of(0, 0x53, 0x14)).isEqualTo(Performative.TRANSFER);
        assertThat(of(0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0x15)).isEqualTo(Performative.DISPOSITION);
        assertThat(of(0, 0x80, 0, 0, 1, 0, 0, 0, 0, 0x15)).isEqualTo(Performative.OTHER);
        assertThat(of(0, 0x53, 0x10)).isEqualTo(Performative.OTHER);
        assertThat(of(0, 0x80, 0, 0, 0)).isEqualTo(Performative.OTHER);
        assertThat(of(0x40, 0x53, 0x14)).isEqualTo(Performative.OTHER);
        assertThat(of(0, 0xA3, 200, 'a')).isEqualTo(Performative.OTHER);
        assertThat(of(0, 0xB3, 0xFF, 0xFF, 0xFF, 0xFF)).isEqualTo(Performative.OTHER);
        assertThat(named("amqp:transfer:list")).isEqualTo(Performative.TRANSFER);
        assertThat(named("amqp:disposition:list")).isEqualTo(Performative.DISPOSITION);
        assertThat(named("amqp:transfer:map")).isEqualTo(Performative.OTHER);
    }

    private static int of(int... octets) {
        ByteBuffer in = ByteBuffer.allocate(octets.length);
        for (int octet : octets) {
            in.put((byte) octet);
        }
        return Performative.of(in, 0, octets.length);
    }

    private static int named(String name) {
        byte[] symbol = new ValueWriter().symbol(name).toArray();
        ByteBuffer in = ByteBuffer.allocate(1 + symbol.length).put((byte) 0).put(symbol);
        return Performative.of(in, 0, in.capacity());
    }

    private static ValueWriter nulls(ValueWriter fields, int count) {
        for (int i = 0; i < count; i++) {
            fields.putNull();
        }
        return fields;
    }

    /** A transfer with one octet of payload. */
    private static ByteBuffer frame(int count, Consumer<ValueWriter> fields) {
        ValueWriter out = new ValueWriter().described(Performative.TRANSFER);
        int list = out.beginList();
        fields.accept(out);
        out.end(list, count).putNull();
        return ByteBuffer.wrap(out.toArray());
    }

    private void read(ByteBuffer frame) {
        transfer.read(frame, 0, frame.limit());
    }

    private void assertRefused(ByteBuffer frame, String why) {
        assertThatThrownBy(() -> read(frame))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(why);
    }
}
