package io.chasqui.server.perf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long MILLI = 1_000_000;

    @Test
    void without_a_rate_everything_is_due() {
        Pace pace = new Pace(0);
        assertThat(pace.due(64, 0)).isEqualTo(64);
        assertThat(pace.stamp(77)).isEqualTo(77);
    }

    @Test
    void messages_are_due_one_after_the_other() {
        Pace pace = new Pace(1000);
        pace.start(0);
        assertThat(pace.due(64, 0)).isEqualTo(1);
        pace.stamp(0);
        assertThat(pace.due(64, MILLI / 2)).isZero();
        assertThat(pace.untilNext(MILLI / 2)).isEqualTo(MILLI / 2);
        assertThat(pace.due(64, MILLI)).isEqualTo(1);
    }

    @Test
    void what_was_missed_is_caught_up_with() {
        Pace pace = new Pace(1000);
        pace.start(0);
        assertThat(pace.due(64, 10 * MILLI)).isEqualTo(11);
        assertThat(pace.due(5, 10 * MILLI)).isEqualTo(5);
    }

    @Test
    void a_message_held_up_is_stamped_with_the_time_it_was_due() {
        Pace pace = new Pace(1000);
        pace.start(0);
        assertThat(pace.stamp(10 * MILLI)).isZero();
        assertThat(pace.stamp(10 * MILLI)).isEqualTo(MILLI);
    }

    @Test
    void a_late_timer_is_not_the_brokers_fault() {
        Pace pace = new Pace(1000);
        pace.start(0);
        assertThat(pace.stamp(MILLI / 10)).isEqualTo(MILLI / 10);
    }
}
