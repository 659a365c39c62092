package io.chasqui.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chasqui.protocol.amqp091.FrameCursor;
import io.chasqui.protocol.amqp091.ProtocolException;
import io.chasqui.server.testing.ScriptedPeer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames are found whole, however the octets were cut, and no memory is kept for long. */
class FrameIntakeTest {

    private final List<ByteBuf> buffers = new ArrayList<>();
    private int left;
    private final FrameIntake<FrameCursor> intake =
            new FrameIntake<>(UnpooledByteBufAllocator.DEFAULT, FrameCursor::new, () -> left++);

    private void receive(byte[] octets) {
        ByteBuf buffer = Unpooled.directBuffer(octets.length + 8).writeBytes(octets);
        buffers.add(buffer);
        intake.add(buffer);
    }

    private List<String> found() {
        List<String> found = new ArrayList<>();
        while (intake.next()) {
            byte[] payload = new byte[intake.found().payloadSize()];
            intake.octets().get(intake.found().payloadAt(), payload);
            found.add(
                    intake.found().type()
                            + "/"
                            + intake.found().channel()
                            + "/"
                            + Arrays.hashCode(payload));
        }
        return found;
    }

    private static byte[] frames(Random random, int count, List<String> expected) throws Exception {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            byte[] payload = new byte[random.nextInt(random.nextInt(4) == 0 ? 3000 : 30)];
            random.nextBytes(payload);
            int channel = random.nextInt(3);
            octets.write(ScriptedPeer.frame(3, channel, payload));
            expected.add("3/" + channel + "/" + Arrays.hashCode(payload));
        }
        return octets.toByteArray();
    }

    @Test
    void frames_are_found_however_they_are_cut() throws Exception {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            List<String> expected = new ArrayList<>();
            byte[] octets = frames(random, 40, expected);
            List<String> found = new ArrayList<>();
            int from = 0;
            while (from < octets.length) {
                int size = 1 + random.nextInt(random.nextBoolean() ? 5 : 2000);
                int to = Math.min(octets.length, from + size);
                receive(Arrays.copyOfRange(octets, from, to));
                if (random.nextInt(3) > 0) {
                    found.addAll(found());
                }
                from = to;
            }
            found.addAll(found());
            assertThat(found).as("seed %d", seed).isEqualTo(expected);
            assertThat(intake.isEmpty()).isTrue();
            assertThat(buffers).allMatch(buffer -> buffer.refCnt() == 0);
        }
    }

    @Test
    void a_frame_can_be_put_back() {
        receive(ScriptedPeer.frame(3, 1, (byte) 7));
        assertThat(intake.next()).isTrue();
        intake.again();
        assertThat(intake.next()).isTrue();
        assertThat(intake.octets().get(intake.found().payloadAt())).isEqualTo((byte) 7);
        assertThat(intake.next()).isFalse();
    }

    @Test
    void whoever_reads_in_place_is_told_before_the_memory_goes() {
        byte[] frame = ScriptedPeer.frame(3, 1, new byte[20]);
        receive(Arrays.copyOf(frame, 10));
        assertThat(intake.next()).isFalse();
        assertThat(left).isEqualTo(1);
        receive(Arrays.copyOfRange(frame, 10, frame.length));
        assertThat(intake.next()).isTrue();
        assertThat(left).isEqualTo(1);
        assertThat(intake.next()).isFalse();
        assertThat(left).isEqualTo(3);
    }

    @Test
    void a_frame_larger_than_agreed_is_refused_before_it_is_there() {
        intake.frameMax(4096);
        receive(new byte[] {3, 0, 1, 0, 0x10, 0x01, 0});
        assertThatThrownBy(intake::next)
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("frame_too_large");
        intake.clear();
    }

    @Test
    void clearing_lets_go_of_everything() {
        byte[] frame = ScriptedPeer.frame(3, 1, new byte[20]);
        receive(Arrays.copyOf(frame, 9));
        assertThat(intake.next()).isFalse();
        receive(frame);
        receive(frame);
        intake.clear();
        assertThat(intake.next()).isFalse();
        assertThat(buffers).allMatch(buffer -> buffer.refCnt() == 0);
    }
}
