package io.chasqui.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GivenOutTest {

    private final GivenOut givenOut = new GivenOut();

    @Test
    void what_was_put_is_found_once() {
        givenOut.put(7, 100);
        assertThat(givenOut.remove(7)).isEqualTo(100);
        assertThat(givenOut.remove(7)).isEqualTo(GivenOut.UNKNOWN);
        assertThat(new GivenOut().remove(7)).isEqualTo(GivenOut.UNKNOWN);
    }

    @Test
    void messages_settled_in_any_order_keep_their_times() {
        Random random = new Random(11);
        Map<Long, Long> model = new HashMap<>();
        long next = 0;
        for (int step = 0; step < 100_000; step++) {
            if (model.size() < 300 && random.nextBoolean()) {
                givenOut.put(next, step);
                model.put(next++, (long) step);
            } else if (next > 0) {
                long seq = Math.max(0, next - 1 - random.nextInt(2000));
                Long expected = model.remove(seq);
                assertThat(givenOut.remove(seq))
                        .isEqualTo(expected == null ? GivenOut.UNKNOWN : expected);
            }
        }
    }

    @Test
    void messages_too_far_apart_are_not_timed_and_do_no_harm() {
        givenOut.put(5, 1);
        givenOut.put(5 + (1L << 40), 2);
        assertThat(givenOut.remove(5 + (1L << 40))).isEqualTo(GivenOut.UNKNOWN);
        assertThat(givenOut.remove(5)).isEqualTo(1);
    }

    @Test
    void messages_of_different_levels_do_not_stand_in_each_others_way() {
        for (long level = 0; level < 8; level++) {
            for (long seq = 0; seq < 100; seq++) {
                givenOut.put(level << 54 | seq, seq);
            }
        }
        for (long level = 0; level < 8; level++) {
            for (long seq = 0; seq < 100; seq++) {
                assertThat(givenOut.remove(level << 54 | seq)).isEqualTo(seq);
            }
        }
    }
}
