package io.chasqui.server.amqp091;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a heartbeat is due and when a peer is given up (0-9-1 §4.2.7). */
class HeartbeatTest {

    private static final long SECOND = 1_000_000_000L;

    private final Heartbeat heartbeat = new Heartbeat(10, 0);

    @Test
    void one_is_due_after_half_an_interval_of_saying_nothing() {
        assertThat(heartbeat.look(4 * SECOND, true, false)).isEqualTo(Heartbeat.Due.NOTHING);
        assertThat(heartbeat.look(5 * SECOND, true, false)).isEqualTo(Heartbeat.Due.SEND);
        assertThat(heartbeat.look(6 * SECOND, true, true)).isEqualTo(Heartbeat.Due.NOTHING);
        assertThat(heartbeat.look(11 * SECOND, true, false)).isEqualTo(Heartbeat.Due.SEND);
    }

    @Test
    void what_was_sent_counts_as_old_as_the_look_before() {
        Heartbeat eager = new Heartbeat(1, 0);
        assertThat(eager.look(SECOND / 2, true, false)).isEqualTo(Heartbeat.Due.SEND);
        assertThat(eager.look(SECOND, true, true)).isEqualTo(Heartbeat.Due.SEND);
        assertThat(eager.look(SECOND * 3 / 2, true, true)).isEqualTo(Heartbeat.Due.SEND);
    }

    @Test
    void a_peer_is_given_up_after_two_silent_intervals() {
        assertThat(heartbeat.look(20 * SECOND, false, true)).isNotEqualTo(Heartbeat.Due.GIVE_UP);
        assertThat(heartbeat.look(20 * SECOND + 1, false, true)).isEqualTo(Heartbeat.Due.GIVE_UP);
    }

    @Test
    void anything_heard_counts() {
        assertThat(heartbeat.look(19 * SECOND, true, true)).isNotEqualTo(Heartbeat.Due.GIVE_UP);
        assertThat(heartbeat.look(39 * SECOND, false, true)).isNotEqualTo(Heartbeat.Due.GIVE_UP);
        assertThat(heartbeat.look(40 * SECOND, false, true)).isEqualTo(Heartbeat.Due.GIVE_UP);
    }

    @Test
    void an_interval_of_zero_switches_them_off() {
        Heartbeat none = new Heartbeat(0, 0);
        assertThat(none.look(1000 * SECOND, false, false)).isEqualTo(Heartbeat.Due.NOTHING);
    }
}
