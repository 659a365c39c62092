package io.chasqui.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DurationsTest {

    @ParameterizedTest
    @EnumSource(Durations.Scale.class)
    void a_duration_is_in_the_first_class_whose_bound_it_does_not_exceed(Durations.Scale scale) {
        for (int c = 0; c < scale.classes() - 1; c++) {
            assertInClass(scale, scale.boundUs(c) * 1000, c);
            assertInClass(scale, scale.boundUs(c) * 1000 + 1000, c + 1);
        }
    }

    private static void assertInClass(Durations.Scale scale, long ns, int expected) {
        Durations durations = new Durations(scale);
        durations.add(ns);
        assertThat(durations.count(expected)).as(ns + " ns").isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Durations.Scale.class)
    void bounds_ascend_and_the_last_class_has_none(Durations.Scale scale) {
        for (int c = 1; c < scale.classes(); c++) {
            assertThat(scale.boundUs(c)).isGreaterThan(scale.boundUs(c - 1));
        }
        assertThat(scale.boundUs(scale.classes() - 1)).isEqualTo(Long.MAX_VALUE);
        assertThat(scale.boundUs(0)).isLessThanOrEqualTo(64);
    }

    @Test
    void extremes_are_counted_too() {
        Durations durations = new Durations(Durations.Scale.FINE);
        durations.add(-5);
        durations.add(0);
        durations.add(Long.MAX_VALUE);
        assertThat(durations.count(0)).isEqualTo(2);
        assertThat(durations.count(Durations.Scale.FINE.classes() - 1)).isEqualTo(1);
    }

    @Test
    void the_sum_is_exact_and_several_may_be_added_at_once() {
        Random random = new Random(7);
        Durations durations = new Durations(Durations.Scale.COARSE);
        long sum = 0;
        long number = 0;
        for (int i = 0; i < 1000; i++) {
            long ns = random.nextLong(10_000_000_000L);
            long times = random.nextInt(5);
            durations.add(ns, times);
            sum += ns * times;
            number += times;
        }
        long counted = 0;
        for (int c = 0; c < Durations.Scale.COARSE.classes(); c++) {
            counted += durations.count(c);
        }
        assertThat(durations.sumNs()).isEqualTo(sum);
        assertThat(counted).isEqualTo(number);
    }
}
