package io.chasqui.bench.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenConfirmsTest {

    private final OpenConfirms open = new OpenConfirms(3);
    private final List<Integer> settled = new ArrayList<>();

    @Test
    void there_is_room_for_a_window_of_publishes() throws InterruptedException {
        add(1, 2, 3);
        assertThat(open.awaitRoom(0)).isFalse();
        settle(2, false);
        assertThat(open.awaitRoom(0)).isTrue();
        assertThat(open.awaitRoom(0)).isFalse();
    }

    @Test
    void multiple_settles_every_lower_tag_once() throws InterruptedException {
        add(1, 2, 3);
        settle(1, false);
        settle(2, true);
        settle(2, true);
        assertThat(settled).containsExactly(1, 2);
    }

    private void add(int... tags) throws InterruptedException {
        for (int tag : tags) {
            assertThat(open.awaitRoom(0)).isTrue();
            open.add(tag, new MessageId(0, tag));
        }
    }

    private void settle(int tag, boolean multiple) {
        open.settle(tag, multiple, id -> settled.add(id.sequence()));
    }
}
