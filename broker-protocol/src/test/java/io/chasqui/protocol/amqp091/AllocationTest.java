package io.chasqui.protocol.amqp091;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The per-message path creates no object, neither on the heap's buffers nor on direct ones. */
class AllocationTest {

    private static final int MESSAGES = 20_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final FrameCursor cursor = new FrameCursor();
    private final PublishReader publish = new PublishReader();
    private final byte[] tag = DeliverWriter.shortString("ctag-1");

    @Test
    void reading_publish_header_body_and_ack_allocates_nothing() {
        for (boolean direct : new boolean[] {false, true}) {
            ByteBuffer in = published(direct);
            assertNoAllocation(() -> readAll(in));
        }
    }

    @Test
    void writing_deliver_header_and_body_allocates_nothing() {
        for (boolean direct : new boolean[] {false, true}) {
            ByteBuffer in = published(direct);
            ByteBuffer out = direct ? ByteBuffer.allocateDirect(1000) : ByteBuffer.allocate(1000);
            cursor.wrap(in, 0, in.position());
            cursor.next();
            publish.read(in, cursor.payloadAt(), cursor.payloadSize());
            assertNoAllocation(() -> deliver(in, out.clear()));
        }
    }

    /** Eager decoding would cost some 25 times the octets: a name, a value and an entry for each. */
    @Test
    void reading_a_table_of_the_smallest_fields_allocates_no_more_than_its_octets() {
        ByteBuffer in = ByteBuffer.allocate(131_072);
        while (in.remaining() >= 4) {
            in.put((byte) 2).putShort((short) (in.position() / 8 & 0x7F7F)).put((byte) 'V');
        }
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            FieldTable table = FieldTableReader.read(in, 0, in.position());
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            assertThat(table.size()).isEqualTo(32_768);
        }
        assertThat(least).isLessThan(131_072 + 1_000);
    }

    private static ByteBuffer published(boolean direct) {
        ByteBuffer out = direct ? ByteBuffer.allocateDirect(1000) : ByteBuffer.allocate(1000);
        FrameWriter.method(out, 1, new BasicMethod.Publish("amq.topic", "a.b.c", true, false));
        BasicProperties properties =
                BasicProperties.builder()
                        .contentType("text/plain")
                        .deliveryMode(2)
                        .headers(FieldTable.of("a", 1, "b", FieldTable.of("c", "d")))
                        .build();
        FrameWriter.contentHeader(out, 1, 3, properties);
        FrameWriter.body(out, 1, ByteBuffer.allocate(3), 0, 3);
        FrameWriter.method(out, 1, new BasicMethod.Ack(7, true));
        FrameWriter.method(out, 1, new BasicMethod.Nack(8, true, true));
        FrameWriter.method(out, 1, new BasicMethod.Reject(9, false));
        return out;
    }

    private long readAll(ByteBuffer in) {
        long sum = 0;
        cursor.wrap(in, 0, in.position());
        while (cursor.next()) {
            int at = cursor.payloadAt();
            int size = cursor.payloadSize();
            sum +=
                    switch (cursor.type()) {
                        case Amqp091.FRAME_METHOD -> readMethod(in, at, size);
                        case Amqp091.FRAME_HEADER -> readHeader(in, at, size);
                        default -> size;
                    };
        }
        return sum + cursor.missing();
    }

    private long readMethod(ByteBuffer in, int at, int size) {
        switch (MethodReader.id(in, at)) {
            case MethodId.BASIC_PUBLISH -> {
                publish.read(in, at, size);
                return (long) publish.namesLength() + (publish.mandatory() ? 1 : 0);
            }
            case MethodId.BASIC_ACK -> {
                AckReader.validate(size);
                return AckReader.deliveryTag(in, at) + (AckReader.multiple(in, at) ? 1 : 0);
            }
            case MethodId.BASIC_NACK -> {
                NackReader.validate(size);
                return NackReader.deliveryTag(in, at) + (NackReader.requeue(in, at) ? 1 : 0);
            }
            case MethodId.BASIC_REJECT -> {
                RejectReader.validate(size);
                return RejectReader.deliveryTag(in, at) + (RejectReader.requeue(in, at) ? 1 : 0);
            }
            default -> throw new AssertionError();
        }
    }

    private static long readHeader(ByteBuffer in, int at, int size) {
        ContentHeader.validate(in, at, size);
        return ContentHeader.bodySize(in, at)
                + ContentHeader.deliveryMode(in, at)
                + ContentHeader.priority(in, at)
                + (ContentHeader.has(in, at, BasicProperty.EXPIRATION) ? 1 : 0)
                + ContentHeader.headersSize(in, at);
    }

    private long deliver(ByteBuffer in, ByteBuffer out) {
        int names = publish.namesAt();
        int length = publish.namesLength();
        DeliverWriter.deliver(out, 1, tag, 42, true, in, names, length);
        DeliverWriter.getOk(out, 1, 42, true, in, names, length, 5);
        DeliverWriter.basicReturn(out, 1, 312, tag, in, names, length);
        FrameWriter.contentHeader(out, 1, 3, in, names, length);
        FrameWriter.body(out, 1, in, names, length);
        FrameWriter.heartbeat(out);
        return out.position();
    }

    private interface Work {
        long run();
    }

    /** Warms up, then wants one of a few rounds without an octet, since the JVM itself may allocate. */
    private void assertNoAllocation(Work work) {
        long sum = run(work);
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5 && least > 0; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            sum += run(work);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(sum).isPositive();
        assertThat(least).isZero();
    }

    private static long run(Work work) {
        long sum = 0;
        for (int i = 0; i < MESSAGES; i++) {
            sum += work.run();
        }
        return sum;
    }
}
