package io.chasqui.server.perf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class HistogramTest {

    private final Histogram histogram = new Histogram();

    @Test
    void small_values_are_counted_exactly() {
        for (int nanos = 0; nanos < 64; nanos++) {
            assertThat(Histogram.highestOf(Histogram.bucketOf(nanos))).isEqualTo(nanos);
        }
    }

    @Test
    void a_bucket_is_less_than_two_percent_wide() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            long nanos = random.nextLong() >>> (1 + random.nextInt(62));
            long highest = Histogram.highestOf(Histogram.bucketOf(nanos));
            assertThat(highest).isGreaterThanOrEqualTo(nanos);
            assertThat((double) highest).isLessThanOrEqualTo(nanos * 1.016 + 1);
        }
    }

    @Test
    void buckets_follow_one_another_without_a_gap() {
        int last = Histogram.bucketOf(Long.MAX_VALUE);
        for (int bucket = 0; bucket < last; bucket++) {
            assertThat(Histogram.bucketOf(Histogram.highestOf(bucket) + 1)).isEqualTo(bucket + 1);
        }
        assertThat(Histogram.highestOf(last)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void a_percentile_is_the_value_so_many_did_not_exceed() {
        for (int nanos = 1; nanos <= 1000; nanos++) {
            histogram.record(nanos);
        }
        Latencies latencies = histogram.snapshot();
        assertThat(latencies.percentile(0.5)).isBetween(500L, 508L);
        assertThat(latencies.percentile(0.99)).isBetween(990L, 1007L);
        assertThat(latencies.max()).isBetween(1000L, 1016L);
    }

    @Test
    void the_difference_of_two_snapshots_holds_what_came_between() {
        histogram.record(1_000_000);
        Latencies before = histogram.snapshot();
        histogram.record(5);
        Latencies between = histogram.snapshot().minus(before);
        assertThat(between.max()).isEqualTo(5);
        assertThat(between.plus(before).max()).isGreaterThanOrEqualTo(1_000_000);
    }

    @Test
    void nothing_recorded_is_empty_and_zero() {
        assertThat(histogram.snapshot().isEmpty()).isTrue();
        assertThat(histogram.snapshot().percentile(0.99)).isZero();
        assertThat(Latencies.NONE.max()).isZero();
    }

    @Test
    void a_duration_before_its_beginning_counts_as_none() {
        histogram.record(-7);
        assertThat(histogram.snapshot().max()).isZero();
        assertThat(histogram.snapshot().isEmpty()).isFalse();
    }
}
