package io.chasqui.protocol.amqp091;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The prepared frames are octet for octet those of {@link FrameWriter#method}. */
class DeliverWriterTest {

    private final MethodGenerator generator = new MethodGenerator(13);

    @Test
    void deliver_is_the_methods_frame() {
        for (int i = 0; i < 200; i++) {
            BasicMethod.Deliver m = (BasicMethod.Deliver) generator.next(BasicMethod.Deliver.class);
            ByteBuffer names = names(m.exchange(), m.routingKey());
            byte[] tag = DeliverWriter.shortString(m.consumerTag());
            ByteBuffer out = ByteBuffer.allocate(DeliverWriter.deliverSize(tag, names.limit() - 5));

            DeliverWriter.deliver(
                    out, 9, tag, m.deliveryTag(), m.redelivered(), names, 5, names.limit() - 5);

            assertThat(out.array()).isEqualTo(frame(m));
        }
    }

    @Test
    void get_ok_is_the_methods_frame() {
        for (int i = 0; i < 200; i++) {
            BasicMethod.GetOk m = (BasicMethod.GetOk) generator.next(BasicMethod.GetOk.class);
            ByteBuffer names = names(m.exchange(), m.routingKey());
            ByteBuffer out = ByteBuffer.allocate(DeliverWriter.getOkSize(names.limit() - 5));

            DeliverWriter.getOk(
                    out,
                    9,
                    m.deliveryTag(),
                    m.redelivered(),
                    names,
                    5,
                    names.limit() - 5,
                    m.messageCount());

            assertThat(out.array()).isEqualTo(frame(m));
        }
    }

    @Test
    void return_is_the_methods_frame() {
        for (int i = 0; i < 200; i++) {
            BasicMethod.Return m = (BasicMethod.Return) generator.next(BasicMethod.Return.class);
            ByteBuffer names = names(m.exchange(), m.routingKey());
            byte[] text = DeliverWriter.shortString(m.replyText());
            ByteBuffer out =
                    ByteBuffer.allocate(DeliverWriter.basicReturnSize(text, names.limit() - 5));

            DeliverWriter.basicReturn(out, 9, m.replyCode(), text, names, 5, names.limit() - 5);

            assertThat(out.array()).isEqualTo(frame(m));
        }
    }

    @Test
    void a_prepared_string_is_a_short_string() {
        assertThat(DeliverWriter.shortString("aä")).containsExactly(3, 'a', 0xC3, 0xA4);
        assertThat(DeliverWriter.shortString("x".repeat(255))).hasSize(256);
        assertThatThrownBy(() -> DeliverWriter.shortString("x".repeat(256)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] frame(Method method) {
        ByteBuffer out = ByteBuffer.allocate(FrameWriter.sizeOf(method));
        FrameWriter.method(out, 9, method);
        return out.array();
    }

    /** Both names behind five octets of something else, as within a stored record. */
    private static ByteBuffer names(String exchange, String key) {
        return ByteBuffer.allocate(1000)
                .put(new byte[5])
                .put(DeliverWriter.shortString(exchange))
                .put(DeliverWriter.shortString(key))
                .flip();
    }
}
