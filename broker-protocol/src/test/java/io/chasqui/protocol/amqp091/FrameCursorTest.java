package io.chasqui.protocol.amqp091;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** 0-9-1 §4.2.3: "All frames consist of a header (7 octets), a payload … and a 'frame-end' octet". */
class FrameCursorTest {

    private final FrameCursor cursor = new FrameCursor();

    @Test
    void frames_that_follow_one_another_are_found_in_order() {
        ByteBuffer in = ByteBuffer.allocate(1000);
        FrameWriter.method(in, 1, new TxMethod.Select());
        FrameWriter.heartbeat(in);
        FrameWriter.body(in, 65_535, ByteBuffer.wrap("xabc".getBytes(UTF_8)), 1, 3);
        cursor.wrap(in, 0, in.position());

        assertThat(cursor.next()).isTrue();
        assertThat(cursor.type()).isEqualTo(Amqp091.FRAME_METHOD);
        assertThat(MethodReader.read(in, cursor.payloadAt(), cursor.payloadSize()))
                .isEqualTo(new TxMethod.Select());
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.type()).isEqualTo(Amqp091.FRAME_HEARTBEAT);
        assertThat(cursor.payloadSize()).isZero();
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.type()).isEqualTo(Amqp091.FRAME_BODY);
        assertThat(cursor.channel()).isEqualTo(65_535);
        assertThat(cursor.payloadSize()).isEqualTo(3);
        assertThat(in.get(cursor.payloadAt())).isEqualTo((byte) 'a');
        assertThat(cursor.next()).isFalse();
        assertThat(cursor.position()).isEqualTo(in.position());
        assertThat(cursor.missing()).isEqualTo(7);
    }

    @Test
    void the_buffers_own_position_and_limit_play_no_part() {
        ByteBuffer in = ByteBuffer.allocate(100).position(10);
        FrameWriter.heartbeat(in);
        cursor.wrap(in, 10, 18);
        in.position(99);

        assertThat(cursor.next()).isTrue();
        assertThat(in.position()).isEqualTo(99);
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void octets_that_come_one_by_one_are_looked_at_in_linear_time() {
        int bodySize = 4_000_000;
        ByteBuffer in = ByteBuffer.allocate(bodySize + 16);
        FrameWriter.body(in, 1, ByteBuffer.allocate(bodySize), 0, bodySize);
        FrameWriter.heartbeat(in);
        int found = 0;

        for (int to = 1; to <= in.position(); to++) {
            cursor.wrap(in, cursor.position(), to);
            while (cursor.next()) {
                found++;
                assertThat(to).isIn(bodySize + 8, bodySize + 16);
            }
        }

        assertThat(found).isEqualTo(2);
    }

    @Test
    void missing_says_how_much_completes_the_frame() {
        ByteBuffer in = ByteBuffer.allocate(100);
        FrameWriter.body(in, 1, ByteBuffer.allocate(20), 0, 20);

        for (int to = 0; to < 7; to++) {
            cursor.wrap(in, 0, to);
            assertThat(cursor.missing()).isEqualTo(7 - to);
        }
        for (int to = 7; to <= 28; to++) {
            cursor.wrap(in, 0, to);
            assertThat(cursor.missing()).isEqualTo(28 - to);
            assertThat(cursor.next()).isEqualTo(to == 28);
        }
    }

    static Stream<Arguments> violations() {
        return Stream.of(
                Arguments.of(
                        frame(2, 200_025, ""),
                        "FRAME_ERROR - type 2, all octets = <<>>: {frame_too_large,200025,131064}"),
                Arguments.of(
                        frame(3, 0xFFFF_FFFFL, ""),
                        "FRAME_ERROR - type 3, all octets = <<>>:"
                                + " {frame_too_large,4294967295,131064}"),
                Arguments.of(
                        frame(9, 0, ""), "FRAME_ERROR - type 9, all octets = <<>>: unknown_frame"),
                Arguments.of(
                        frame(255, 3, "abc"),
                        "FRAME_ERROR - type 255, all octets = <<\"abc\">>: unknown_frame"),
                Arguments.of(
                        frame(4, 100, "0123456789abcdefghi"),
                        "FRAME_ERROR - type 4, first 16 octets = <<\"0123456789abcdef\">>:"
                                + " unknown_frame"),
                Arguments.of(
                        frame(4, 100, "ab"),
                        "FRAME_ERROR - type 4, first 2 octets = <<\"ab\">>: unknown_frame"),
                Arguments.of(
                        frame(8, 1, "\u0001"),
                        "FRAME_ERROR - type 8, all octets = <<1>>: unknown_frame"),
                Arguments.of(
                        frame(1, 3, "\u0000\n\u0000"),
                        "FRAME_ERROR - type 1, all octets = <<0,10,0>>: unknown_frame"),
                Arguments.of(
                        frame(2, 11, ""),
                        "FRAME_ERROR - type 2, first 0 octets = <<>>: unknown_frame"),
                Arguments.of(
                        frame(3, 3, "abc\u0007"),
                        "FRAME_ERROR - type 3, all octets = <<\"abc\">>:"
                                + " {invalid_frame_end_marker,7}"));
    }

    @ParameterizedTest
    @MethodSource("violations")
    void a_malformed_frame_is_a_frame_error_in_rabbitmqs_words(ByteBuffer in, String text) {
        cursor.frameMax(131_072);
        cursor.wrap(in, 0, in.limit());

        assertThatThrownBy(cursor::next)
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        e -> {
                            assertThat(e.text()).isEqualTo(text);
                            assertThat(e.code()).isEqualTo(ReplyCode.FRAME_ERROR);
                            assertThat(e.scope()).isEqualTo(ReplyCode.Scope.CONNECTION);
                            assertThat(e.classId()).isZero();
                            assertThat(e.methodId()).isZero();
                        });
    }

    private static ByteBuffer frame(int type, long size, String rest) {
        ByteBuffer out = ByteBuffer.allocate(64).put((byte) type).putShort((short) 1);
        for (char octet : ("\0\0\0\0" + rest).toCharArray()) {
            out.put((byte) octet);
        }
        return out.putInt(3, (int) size).flip();
    }

    @Test
    void a_payload_may_be_as_large_as_the_frame_may_be() {
        cursor.frameMax(4096);
        ByteBuffer in = ByteBuffer.allocate(8000);
        FrameWriter.body(in, 1, ByteBuffer.allocate(4096), 0, 4096);
        cursor.wrap(in, 0, in.position());

        assertThat(cursor.next()).isTrue();

        in.clear();
        FrameWriter.body(in, 1, ByteBuffer.allocate(4097), 0, 4097);
        cursor.wrap(in, 0, 7);
        assertThatThrownBy(cursor::missing)
                .hasMessage("FRAME_ERROR - type 3, all octets = <<>>: {frame_too_large,4097,4088}");
    }

    @Test
    void without_a_limit_a_size_beyond_any_buffer_is_still_refused() {
        ByteBuffer in = frame(3, 0xFFFF_FFFFL, "");
        cursor.frameMax(0);
        cursor.wrap(in, 0, in.limit());

        assertThatThrownBy(cursor::next).isInstanceOf(ProtocolException.class);
    }

    @Test
    void the_protocol_header_is_recognised() {
        ByteBuffer in = ByteBuffer.allocate(9).put((byte) 0).put(Amqp091.protocolHeader());

        assertThat(Amqp091.isProtocolHeader(in, 1)).isTrue();
        assertThat(Amqp091.isProtocolHeader(in.put(8, (byte) 0), 1)).isFalse();
    }
}
