package io.chasqui.protocol.amqp10;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** 1.0 §1.2, §1.6. */
class ValuesTest {

    private static ByteBuffer octets(int... octets) {
        ByteBuffer buffer = ByteBuffer.allocate(octets.length);
        for (int octet : octets) {
            buffer.put((byte) octet);
        }
        return buffer.flip();
    }

    private static int checked(ByteBuffer in) {
        return Values.check(in, 0, in.limit());
    }

    private static void refused(ByteBuffer in, String why) {
        assertThatThrownBy(() -> checked(in))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(why);
    }

    @Test
    void values_of_every_width_end_where_they_end() {
        assertThat(checked(octets(0x40))).isEqualTo(1);
        assertThat(checked(octets(0x52, 7))).isEqualTo(2);
        assertThat(checked(octets(0x60, 0, 7))).isEqualTo(3);
        assertThat(checked(octets(0xA1, 2, 'h', 'i'))).isEqualTo(4);
        assertThat(checked(octets(0xB1, 0, 0, 0, 1, 'h'))).isEqualTo(6);
        assertThat(checked(octets(0xC0, 3, 1, 0x52, 7))).isEqualTo(5);
        assertThat(checked(octets(0xE0, 4, 2, 0x50, 1, 2))).isEqualTo(6);
        assertThat(checked(octets(0, 0x53, 0x70, 0x45))).isEqualTo(4);
    }

    @Test
    void a_value_beyond_its_container_is_refused() {
        refused(octets(0xA1, 3, 'h', 'i'), "ends beyond");
        refused(octets(0xB0, 0x7F, 0xFF, 0xFF, 0xFF), "ends beyond");
        refused(octets(0xC0, 2, 1, 0xA1), "ends beyond");
        refused(octets(0xD0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 1), "ends beyond");
    }

    @Test
    void counts_that_do_not_fit_are_refused() {
        refused(octets(0xC0, 3, 2, 0x52, 7), "ends beyond");
        refused(octets(0xC0, 3, 0, 0x52, 7), "larger than its elements");
        refused(octets(0xC1, 3, 1, 0x52, 7), "a key and no value");
        refused(octets(0xE0, 4, 9, 0x50, 1, 2), "do not fill");
    }

    @Test
    void unknown_types_are_refused() {
        refused(octets(0x4F), "unknown type 0x4f");
        refused(octets(0, 0, 0x40, 0x40), "itself described");
    }

    @Test
    void nesting_has_a_limit() {
        ByteBuffer deep = ByteBuffer.allocate(3 * 40);
        for (int left = 39; left > 0; left--) {
            deep.put((byte) 0xC0).put((byte) (left * 3 - 2)).put((byte) 1);
        }
        deep.put((byte) 0x40).put((byte) 0x40).put((byte) 0x40).flip();
        refused(deep, "nested deeper");
    }

    @Test
    void what_was_written_is_read() {
        ValueWriter out = new ValueWriter();
        int list = out.beginList();
        out.ulong(0).ulong(5).uint(300).slong(-1).string("text").symbol("sym").bool(true);
        out.end(list, 7);
        ByteBuffer in = out.memory();
        assertThat(Values.check(in, 0, out.size())).isEqualTo(out.size());
        assertThat(Values.integer(in, Values.element(in, 0, 1))).isEqualTo(5);
        assertThat(Values.integer(in, Values.element(in, 0, 2))).isEqualTo(300);
        assertThat(Values.integer(in, Values.element(in, 0, 3))).isEqualTo(-1);
        assertThat(Values.text(in, Values.element(in, 0, 5))).isEqualTo("sym");
        assertThat(Values.isTrue(in, Values.element(in, 0, 6))).isTrue();
        assertThat(Values.element(in, 0, 7)).isEqualTo(-1);
    }

    @Test
    void a_map_is_searched_by_key() {
        ValueWriter out = new ValueWriter();
        int map = out.beginMap();
        out.symbol("x-cc").string("a").ulong(7).string("b").symbol("none").putNull();
        out.end(map, 6);
        ByteBuffer in = out.memory();
        assertThat(Values.text(in, Values.entry(in, 0, "x-cc"))).isEqualTo("a");
        assertThat(Values.entry(in, 0, "none")).isEqualTo(-1);
        assertThat(Values.entry(in, 0, "other")).isEqualTo(-1);
    }

    @Test
    void a_key_is_found_however_it_is_encoded() {
        String wide = "ä".repeat(200);
        ValueWriter out = new ValueWriter();
        int map = out.beginMap();
        out.ulong(1).string("number").string("ke").string("short").string(wide).string("wide");
        out.string("key").string("right").string("key").string("second");
        out.end(map, 10);
        ByteBuffer in = out.memory();
        assertThat(Values.text(in, Values.entry(in, 0, wide))).isEqualTo("wide");
        assertThat(Values.text(in, Values.entry(in, 0, "key"))).isEqualTo("right");
        assertThat(Values.entry(in, 0, "")).isEqualTo(-1);
        assertThat(Values.entry(in, 0, "keys")).isEqualTo(-1);
    }

    @Test
    void an_array_tells_its_elements() {
        ValueWriter out = new ValueWriter();
        int array = out.beginArrayOfStrings();
        out.stringElement("one").stringElement("two").end(array, 2);
        ByteBuffer in = out.memory();
        assertThat(Values.check(in, 0, out.size())).isEqualTo(out.size());
        assertThat(Values.arrayElements(in, 0))
                .extracting(element -> Values.text(element, 0))
                .containsExactly("one", "two");
    }

    @Test
    void no_octets_do_more_than_be_refused() {
        Random random = new Random(42);
        MessageSections sections = new MessageSections();
        byte[] whole = message();
        for (int i = 0; i < 100_000; i++) {
            byte[] octets = whole.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt();
            }
            ByteBuffer in = ByteBuffer.wrap(octets, 0, random.nextInt(octets.length + 1));
            try {
                sections.scan(in, 0, in.limit());
                assertThat(sections.bodyAt()).isBetween(0, in.limit());
            } catch (MalformedException e) {
                assertThat(e.text()).isNotEmpty();
            }
        }
    }

    private static byte[] message() {
        ValueWriter out = new ValueWriter().described(MessageSections.HEADER);
        int header = out.beginList();
        out.bool(true).ubyte(4).uint(1000).end(header, 3);
        out.described(MessageSections.MESSAGE_ANNOTATIONS);
        int annotations = out.beginMap();
        out.symbol("x-opt-deaths");
        int deaths = out.beginArrayOfMaps();
        int death = out.beginMapElement();
        out.symbol("queue").string("q").end(death, 2);
        out.end(deaths, 1).end(annotations, 2);
        out.described(MessageSections.PROPERTIES);
        int properties = out.beginList();
        out.string("id").putNull().string("/queues/q").end(properties, 3);
        out.described(MessageSections.APPLICATION_PROPERTIES);
        int application = out.beginMap();
        out.string("key").slong(7).end(application, 2);
        return out.described(MessageSections.DATA).binary(new byte[20]).toArray();
    }
}
