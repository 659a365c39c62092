package io.chasqui.protocol.amqp091;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The readers of the per-message path agree with {@link MethodReader}. */
class InPlaceReaderTest {

    private static final int AT = 9;

    private final MethodGenerator generator = new MethodGenerator(11);

    private static ByteBuffer payload(Method method) {
        ByteBuffer out = ByteBuffer.allocate(AT + MethodWriter.sizeOf(method)).position(AT);
        MethodWriter.write(method, out);
        return out;
    }

    @Test
    void publish_is_read_in_place() {
        PublishReader reader = new PublishReader();
        for (int i = 0; i < 500; i++) {
            BasicMethod.Publish publish =
                    (BasicMethod.Publish) generator.next(BasicMethod.Publish.class);
            ByteBuffer in = payload(publish);

            reader.read(in, AT, in.capacity() - AT);

            assertThat(text(in, reader.exchangeAt(), reader.exchangeLength()))
                    .isEqualTo(publish.exchange());
            assertThat(text(in, reader.keyAt(), reader.keyLength()))
                    .isEqualTo(publish.routingKey());
            assertThat(reader.mandatory()).isEqualTo(publish.mandatory());
            assertThat(reader.immediate()).isEqualTo(publish.immediate());
            assertThat(text(in, reader.namesAt(), reader.namesLength()))
                    .isEqualTo(names(publish.exchange(), publish.routingKey()));
        }
    }

    private static String text(ByteBuffer in, int at, int length) {
        byte[] octets = new byte[length];
        in.get(at, octets);
        return new String(octets, UTF_8);
    }

    private static String names(String exchange, String key) {
        return new String(DeliverWriter.shortString(exchange), UTF_8)
                + new String(DeliverWriter.shortString(key), UTF_8);
    }

    @Test
    void names_of_nothing_and_of_255_octets_fit() {
        PublishReader reader = new PublishReader();
        for (int length : new int[] {0, 255}) {
            ByteBuffer in =
                    payload(
                            new BasicMethod.Publish(
                                    "e".repeat(length), "k".repeat(length), true, false));

            reader.read(in, AT, in.capacity() - AT);

            assertThat(reader.exchangeLength()).isEqualTo(length);
            assertThat(reader.keyLength()).isEqualTo(length);
            assertThat(reader.mandatory()).isTrue();
        }
    }

    @Test
    void a_publish_of_any_other_size_is_a_syntax_error() {
        ByteBuffer in = payload(new BasicMethod.Publish("exchange", "key", true, true));
        ByteBuffer roomy = ByteBuffer.allocate(100).put(0, in, 0, in.capacity());
        PublishReader reader = new PublishReader();
        for (int size = 4; size < 60; size++) {
            if (size == in.capacity() - AT) {
                continue;
            }
            ByteBuffer wrong = roomy.slice(0, AT + size);
            assertThatThrownBy(() -> reader.read(wrong, AT, wrong.limit() - AT))
                    .isInstanceOfSatisfying(
                            ProtocolException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo(ReplyCode.SYNTAX_ERROR);
                                assertThat(e.classId()).isEqualTo(60);
                                assertThat(e.methodId()).isEqualTo(40);
                            });
        }
    }

    @Test
    void ack_nack_and_reject_are_read_in_place() {
        for (int i = 0; i < 200; i++) {
            BasicMethod.Ack ack = (BasicMethod.Ack) generator.next(BasicMethod.Ack.class);
            BasicMethod.Nack nack = (BasicMethod.Nack) generator.next(BasicMethod.Nack.class);
            BasicMethod.Reject reject =
                    (BasicMethod.Reject) generator.next(BasicMethod.Reject.class);

            ByteBuffer in = payload(ack);
            AckReader.validate(in.capacity() - AT);
            assertThat(AckReader.deliveryTag(in, AT)).isEqualTo(ack.deliveryTag());
            assertThat(AckReader.multiple(in, AT)).isEqualTo(ack.multiple());

            in = payload(nack);
            NackReader.validate(in.capacity() - AT);
            assertThat(NackReader.deliveryTag(in, AT)).isEqualTo(nack.deliveryTag());
            assertThat(NackReader.multiple(in, AT)).isEqualTo(nack.multiple());
            assertThat(NackReader.requeue(in, AT)).isEqualTo(nack.requeue());

            in = payload(reject);
            RejectReader.validate(in.capacity() - AT);
            assertThat(RejectReader.deliveryTag(in, AT)).isEqualTo(reject.deliveryTag());
            assertThat(RejectReader.requeue(in, AT)).isEqualTo(reject.requeue());
        }
    }

    @Test
    void a_settlement_of_any_other_size_is_a_syntax_error() {
        for (int size : new int[] {4, 12, 14}) {
            assertThatThrownBy(() -> AckReader.validate(size))
                    .hasMessage("SYNTAX_ERROR - arguments do not end with the frame");
            assertThatThrownBy(() -> NackReader.validate(size))
                    .isInstanceOf(ProtocolException.class);
            assertThatThrownBy(() -> RejectReader.validate(size))
                    .isInstanceOf(ProtocolException.class);
        }
    }
}
