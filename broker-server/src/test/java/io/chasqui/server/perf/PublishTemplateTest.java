package io.chasqui.server.perf;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.ContentHeader;
import io.chasqui.protocol.amqp091.FrameCursor;
import io.chasqui.protocol.amqp091.MethodReader;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class PublishTemplateTest {

    private static final BasicMethod.Publish PUBLISH =
            new BasicMethod.Publish("x", "key", false, false);

    private final FrameCursor frames = new FrameCursor();

    @Test
    void a_message_is_a_publish_a_header_and_its_stamped_body() {
        ByteBuffer out = written(new PublishTemplate(PUBLISH, true, 100, 4096), 42);
        assertThat(frames.next()).isTrue();
        assertThat(MethodReader.read(out, frames.payloadAt(), frames.payloadSize()))
                .isEqualTo(PUBLISH);
        assertThat(frames.next()).isTrue();
        ContentHeader.validate(out, frames.payloadAt(), frames.payloadSize());
        assertThat(ContentHeader.bodySize(out, frames.payloadAt())).isEqualTo(100);
        assertThat(ContentHeader.deliveryMode(out, frames.payloadAt())).isEqualTo(2);
        assertThat(frames.next()).isTrue();
        assertThat(frames.type()).isEqualTo(Amqp091.FRAME_BODY);
        assertThat(frames.payloadSize()).isEqualTo(100);
        assertThat(out.getLong(frames.payloadAt())).isEqualTo(42);
        assertThat(frames.next()).isFalse();
        assertThat(frames.missing()).isEqualTo(Amqp091.FRAME_HEADER_SIZE);
    }

    @Test
    void a_large_body_is_split_at_the_frame_max() {
        written(new PublishTemplate(PUBLISH, false, 10_000, 4096), 42);
        assertThat(frames.next()).isTrue();
        assertThat(frames.next()).isTrue();
        int whole = 0;
        while (frames.next()) {
            assertThat(frames.payloadSize()).isLessThanOrEqualTo(4096 - Amqp091.FRAME_OVERHEAD);
            whole += frames.payloadSize();
        }
        assertThat(whole).isEqualTo(10_000);
    }

    @Test
    void an_empty_body_has_no_frame() {
        written(new PublishTemplate(PUBLISH, false, 0, 4096), 42);
        assertThat(frames.next()).isTrue();
        assertThat(frames.next()).isTrue();
        assertThat(frames.next()).isFalse();
    }

    private ByteBuffer written(PublishTemplate template, long stamp) {
        ByteBuffer out = ByteBuffer.allocate(template.size());
        template.write(out, stamp);
        assertThat(out.hasRemaining()).isFalse();
        frames.wrap(out, 0, out.position());
        return out;
    }
}
