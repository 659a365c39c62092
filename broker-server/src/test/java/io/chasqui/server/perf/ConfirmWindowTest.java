package io.chasqui.server.perf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ConfirmWindowTest {

    private final Histogram latencies = new Histogram();
    private final ConfirmWindow window = new ConfirmWindow(4, latencies);

    @Test
    void a_publish_takes_a_place_until_it_is_confirmed() {
        send(4);
        assertThat(window.free()).isZero();
        assertThat(window.settled(1, false, 10)).isEqualTo(1);
        assertThat(window.free()).isEqualTo(1);
    }

    @Test
    void a_multiple_confirm_settles_every_lower_tag_once() {
        send(4);
        assertThat(window.settled(2, false, 10)).isEqualTo(1);
        assertThat(window.settled(3, true, 10)).isEqualTo(2);
        assertThat(window.free()).isEqualTo(3);
        assertThat(window.settled(3, true, 10)).isZero();
    }

    @Test
    void the_oldest_open_publish_holds_the_window() {
        send(4);
        window.settled(2, false, 10);
        window.settled(3, false, 10);
        assertThat(window.free()).isZero();
        window.settled(1, false, 10);
        assertThat(window.free()).isEqualTo(3);
    }

    @Test
    void the_window_may_be_gone_through_many_times() {
        for (long tag = 1; tag <= 1000; tag++) {
            window.sent(tag * 100);
            assertThat(window.settled(tag, false, tag * 100 + 7)).isEqualTo(1);
        }
        assertThat(window.isEmpty()).isTrue();
        assertThat(latencies.snapshot().percentile(0)).isEqualTo(7);
        assertThat(latencies.snapshot().max()).isEqualTo(7);
    }

    @Test
    void a_confirm_of_something_never_sent_is_refused() {
        send(2);
        assertThatThrownBy(() -> window.settled(3, true, 10))
                .isInstanceOf(IllegalStateException.class);
    }

    private void send(int messages) {
        for (int i = 0; i < messages; i++) {
            window.sent(0);
        }
    }
}
