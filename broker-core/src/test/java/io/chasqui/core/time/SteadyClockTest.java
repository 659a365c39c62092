package io.chasqui.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SteadyClockTest {

    private static final class Hands implements Clock {
        long wallMs = 1_000_000;
        long monotonicNs = -5_000_000;

        @Override
        public long wallMs() {
            return wallMs;
        }

        @Override
        public long monotonicNs() {
            return monotonicNs;
        }
    }

    private final Hands hands = new Hands();
    private final SteadyClock clock = new SteadyClock(hands);

    @Test
    void it_starts_with_the_wall_clock_and_goes_with_the_monotonic_one() {
        assertThat(clock.wallMs()).isEqualTo(1_000_000);
        hands.monotonicNs += 2_999_999;
        assertThat(clock.wallMs()).isEqualTo(1_000_002);
        assertThat(clock.monotonicNs()).isEqualTo(hands.monotonicNs);
    }

    @Test
    void a_jump_of_the_wall_clock_is_not_followed() {
        hands.wallMs += 86_400_000;
        hands.monotonicNs += 1_000_000;
        assertThat(clock.wallMs()).isEqualTo(1_000_001);
    }
}
