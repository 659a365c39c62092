package io.chasqui.bench.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MessageBodyTest {

    private static final MessageId ID = new MessageId(3, 77);

    @Test
    void a_body_gives_its_id_back() {
        assertThat(MessageBody.read(MessageBody.of(ID, 200))).contains(ID);
        assertThat(MessageBody.of(ID, 200)).hasSize(200);
        assertThat(MessageBody.read(MessageBody.of(ID, 0))).contains(ID);
    }

    @Test
    void any_flipped_bit_is_noticed() {
        byte[] body = MessageBody.of(ID, 40);
        for (int bit = 0; bit < body.length * 8; bit++) {
            byte[] flipped = body.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(MessageBody.read(flipped)).as("bit %d", bit).isEmpty();
        }
    }

    @Test
    void a_body_cut_short_or_lengthened_is_noticed() {
        byte[] body = MessageBody.of(ID, 40);
        assertThat(MessageBody.read(Arrays.copyOf(body, 39))).isEmpty();
        assertThat(MessageBody.read(Arrays.copyOf(body, 41))).isEmpty();
        assertThat(MessageBody.read(new byte[0])).isEmpty();
        assertThat(MessageBody.read(new byte[40])).isEmpty();
    }
}
