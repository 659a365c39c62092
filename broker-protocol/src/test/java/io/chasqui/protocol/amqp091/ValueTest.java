package io.chasqui.protocol.amqp091;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ValueTest {

    @Test
    void octets_handed_in_and_out_are_copies() {
        byte[] octets = {1, 2};
        LongString string = LongString.of(octets);
        Binary binary = Binary.of(octets);

        octets[0] = 9;
        string.octets()[1] = 9;
        binary.octets()[1] = 9;

        assertThat(string.octets()).containsExactly(1, 2);
        assertThat(binary.octets()).containsExactly(1, 2);
        assertThat(string.buffer().isReadOnly()).isTrue();
        assertThat(string.size()).isEqualTo(binary.size()).isEqualTo(2);
    }

    @Test
    void octets_are_equal_by_content_and_print_their_size() {
        assertThat(LongString.of("ab"))
                .isEqualTo(LongString.of(new byte[] {'a', 'b'}))
                .hasSameHashCodeAs(LongString.of("ab"))
                .isNotEqualTo(LongString.of("ac"))
                .hasToString("LongString[2 octets]");
        assertThat(Binary.of(new byte[] {1}))
                .isEqualTo(Binary.of(new byte[] {1}))
                .hasSameHashCodeAs(Binary.of(new byte[] {1}))
                .isNotEqualTo(Binary.of(new byte[] {2}))
                .hasToString("Binary[1 octets]");
        assertThat(LongString.of("ä").text()).isEqualTo("ä");
    }

    @Test
    void unsigned_numbers_keep_to_their_range() {
        assertThatThrownBy(() -> new UnsignedByte(256))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new UnsignedByte(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new UnsignedShort(65_536))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new UnsignedInt(1L << 32))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** The JDK's own strict decoder is the judge, over octets that are nearly UTF-8. */
    @Test
    void utf_8_is_judged_as_the_jdk_judges_it() {
        Random random = new Random(17);
        int[] octets = {0, 'a', 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF};
        int[] leads = {0xE0, 0xE1, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF};
        int valid = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] text = new byte[random.nextInt(6)];
            for (int j = 0; j < text.length; j++) {
                boolean lead = random.nextInt(3) == 0;
                int[] from = lead ? leads : octets;
                text[j] = (byte) from[random.nextInt(from.length)];
            }
            boolean expected = isUtf8(text);
            assertThat(Utf8.isValid(ByteBuffer.wrap(text), 0, text.length))
                    .as("%s", text)
                    .isEqualTo(expected);
            valid += expected ? 1 : 0;
        }
        assertThat(valid).isGreaterThan(10_000);
    }

    private static boolean isUtf8(byte[] text) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
