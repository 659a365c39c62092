package io.chasqui.protocol.amqp10;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** 1.0 §3.2. */
class MessageSectionsTest {

    private final MessageSections sections = new MessageSections();
    private final ValueWriter out = new ValueWriter();

    private void scan() {
        sections.scan(out.memory(), 0, out.size());
    }

    private void refused(String why) {
        assertThatThrownBy(this::scan)
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(why);
    }

    private ValueWriter list(int section) {
        out.described(section);
        return out.end(out.beginList(), 0);
    }

    private ValueWriter map(int section) {
        out.described(section);
        return out.end(out.beginMap(), 0);
    }

    private ValueWriter data() {
        return out.described(MessageSections.DATA).binary(new byte[3]);
    }

    @Test
    void the_bare_message_begins_behind_the_annotations() {
        list(MessageSections.HEADER);
        map(MessageSections.MESSAGE_ANNOTATIONS);
        int bare = out.size();
        list(MessageSections.PROPERTIES);
        int body = out.size();
        data();
        scan();
        assertThat(sections.bareAt()).isEqualTo(bare);
        assertThat(sections.bodyAt()).isEqualTo(body);
        assertThat(sections.bodyKind()).isEqualTo(MessageSections.DATA);
        assertThat(sections.value(MessageSections.APPLICATION_PROPERTIES)).isEqualTo(-1);
        assertThat(MessageSections.find(out.memory(), 0, body, MessageSections.PROPERTIES))
                .isEqualTo(sections.value(MessageSections.PROPERTIES));
    }

    @Test
    void a_body_may_be_missing() {
        list(MessageSections.PROPERTIES);
        scan();
        assertThat(sections.bodyKind()).isZero();
        assertThat(sections.bodyAt()).isEqualTo(out.size());
    }

    @Test
    void data_and_sequences_repeat_and_a_footer_ends() {
        data();
        data();
        map(MessageSections.FOOTER);
        scan();
        out.clear();
        list(MessageSections.SEQUENCE);
        list(MessageSections.SEQUENCE);
        scan();
        assertThat(sections.bodyKind()).isEqualTo(MessageSections.SEQUENCE);
    }

    @Test
    void sections_out_of_order_are_refused() {
        list(MessageSections.PROPERTIES);
        list(MessageSections.HEADER);
        refused("out of order");
    }

    @Test
    void a_section_twice_is_refused() {
        list(MessageSections.HEADER);
        list(MessageSections.HEADER);
        refused("out of order");
    }

    @Test
    void bodies_of_two_kinds_are_refused() {
        data();
        list(MessageSections.SEQUENCE);
        refused("out of order");
    }

    @Test
    void nothing_follows_on_a_footer() {
        data();
        map(MessageSections.FOOTER);
        data();
        refused("out of order");
    }

    @Test
    void sections_of_another_type_are_refused() {
        map(MessageSections.HEADER);
        refused("of another type");
        out.clear().described(MessageSections.DATA).string("text");
        refused("of another type");
    }

    @Test
    void a_descriptor_may_be_a_symbol() {
        byte[] symbol = "amqp:data:binary".getBytes(UTF_8);
        ByteBuffer in = ByteBuffer.allocate(6 + symbol.length);
        in.put((byte) 0).put((byte) 0xA3).put((byte) symbol.length).put(symbol);
        in.put((byte) 0xA0).put((byte) 1).put((byte) 7).flip();
        sections.scan(in, 0, in.limit());
        assertThat(sections.bodyKind()).isEqualTo(MessageSections.DATA);
    }

    @Test
    void what_is_no_section_is_refused() {
        out.string("hello");
        refused("made of sections");
        out.clear().described(0x24);
        out.end(out.beginList(), 0);
        refused("no section");
    }
}
