package io.chasqui.protocol.amqp091;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MethodRoundTripTest {

    static Stream<Class<? extends Method>> kinds() {
        return MethodGenerator.kinds().stream();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void every_method_reads_back_as_it_was_written(Class<? extends Method> kind) {
        MethodGenerator generator = new MethodGenerator(kind.getName().hashCode());
        for (int i = 0; i < 100; i++) {
            Method method = generator.next(kind);
            ByteBuffer frame = ByteBuffer.allocate(FrameWriter.sizeOf(method) + 3).position(3);

            FrameWriter.method(frame, 77, method);

            assertThat(frame.hasRemaining()).as("room asked for is room used").isFalse();
            FrameCursor cursor = new FrameCursor();
            cursor.wrap(frame, 3, frame.position());
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.type()).isEqualTo(Amqp091.FRAME_METHOD);
            assertThat(cursor.channel()).isEqualTo(77);
            assertThat(MethodReader.id(frame, cursor.payloadAt())).isEqualTo(method.id());
            assertThat(MethodReader.read(frame, cursor.payloadAt(), cursor.payloadSize()))
                    .isEqualTo(method);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void every_method_works_in_a_direct_buffer(Class<? extends Method> kind) {
        Method method = new MethodGenerator(1).next(kind);
        ByteBuffer payload = ByteBuffer.allocateDirect(MethodWriter.sizeOf(method));

        MethodWriter.write(method, payload);

        assertThat(MethodReader.read(payload, 0, payload.position())).isEqualTo(method);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void a_method_cut_off_anywhere_is_a_syntax_error_that_names_it(Class<? extends Method> kind) {
        Method method = new MethodGenerator(2).next(kind);
        ByteBuffer payload = ByteBuffer.allocate(MethodWriter.sizeOf(method));
        MethodWriter.write(method, payload);

        for (int size = 4; size < payload.capacity(); size++) {
            ByteBuffer cut = payload.slice(0, size);
            assertThatThrownBy(() -> MethodReader.read(cut, 0, cut.limit()))
                    .isInstanceOfSatisfying(
                            ProtocolException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo(ReplyCode.SYNTAX_ERROR);
                                assertThat(e.classId()).isEqualTo(method.classId());
                                assertThat(e.methodId()).isEqualTo(method.methodId());
                            });
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void octets_after_the_last_argument_are_a_syntax_error(Class<? extends Method> kind) {
        Method method = new MethodGenerator(3).next(kind);
        ByteBuffer payload = ByteBuffer.allocate(MethodWriter.sizeOf(method) + 1);
        MethodWriter.write(method, payload);

        assertThatThrownBy(() -> MethodReader.read(payload, 0, payload.capacity()))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("SYNTAX_ERROR - 1 octets after the last argument");
    }

    @Test
    void an_unknown_method_is_not_implemented() {
        ByteBuffer payload = ByteBuffer.allocate(4).putInt(0, 60 << 16 | 999);

        assertThatThrownBy(() -> MethodReader.read(payload, 0, 4))
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ReplyCode.NOT_IMPLEMENTED);
                            assertThat(e.text())
                                    .isEqualTo("NOT_IMPLEMENTED - unknown method 60.999");
                            assertThat(e.classId()).isEqualTo(60);
                            assertThat(e.methodId()).isEqualTo(999);
                        });
    }

    @Test
    void an_unknown_class_is_not_implemented() {
        ByteBuffer payload = ByteBuffer.allocate(4).putInt(0, 0xFFFF_FFFF);

        assertThatThrownBy(() -> MethodReader.read(payload, 0, 4))
                .hasMessage("NOT_IMPLEMENTED - unknown method 65535.65535");
    }

    @Test
    void a_name_that_is_not_utf_8_is_a_syntax_error() {
        ByteBuffer payload = ByteBuffer.allocate(64).putInt(MethodId.QUEUE_PURGE);
        payload.putShort((short) 0).put((byte) 2).put((byte) 0xC3).put((byte) 0x28).put((byte) 0);

        assertThatThrownBy(() -> MethodReader.read(payload, 0, payload.position()))
                .hasMessage("SYNTAX_ERROR - malformed UTF-8 in short string");
    }

    @Test
    void reserved_fields_may_hold_anything() {
        ByteBuffer payload = ByteBuffer.allocate(64).putInt(MethodId.CONNECTION_OPEN);
        payload.put(new byte[] {1, '/', 3, (byte) 0xFF, 'x', 0, 1});

        assertThat(MethodReader.read(payload, 0, payload.position()))
                .isEqualTo(new ConnectionMethod.Open("/"));
    }

    @Test
    void a_short_string_over_255_octets_is_refused_by_the_writer() {
        Method method = new BasicMethod.CancelOk("ä".repeat(128));

        assertThatThrownBy(() -> MethodWriter.write(method, ByteBuffer.allocate(1000)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_buffer_without_room_is_the_callers_mistake() {
        Method method = new BasicMethod.CancelOk("tag");

        assertThatThrownBy(() -> MethodWriter.write(method, ByteBuffer.allocate(5)))
                .isInstanceOf(BufferOverflowException.class);
    }

    @Test
    void content_follows_publish_return_deliver_and_get_ok_only() {
        assertThat(MethodGenerator.kinds())
                .filteredOn(kind -> new MethodGenerator(4).next(kind).carriesContent())
                .containsExactlyInAnyOrder(
                        BasicMethod.Publish.class,
                        BasicMethod.Return.class,
                        BasicMethod.Deliver.class,
                        BasicMethod.GetOk.class);
    }
}
