package io.chasqui.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.time.Durations;
import org.junit.jupiter.api.Test;

class ConfirmLedgerTest {

    private final ConfirmLedger ledger = new ConfirmLedger();

    @Test
    void publishes_are_numbered_from_one() {
        assertThat(ledger.add(8, 0)).isEqualTo(1);
        assertThat(ledger.add(16, 0)).isEqualTo(2);
    }

    @Test
    void only_publishes_below_the_durable_position_are_confirmed() {
        ledger.add(8, 0);
        ledger.add(16, 0);
        ledger.add(24, 0);
        assertThat(confirmBelow(8)).isZero();
        assertThat(confirmBelow(17)).isEqualTo(2);
        assertThat(ledger.size()).isEqualTo(1);
        assertThat(confirmBelow(25)).isEqualTo(3);
        assertThat(ledger.isEmpty()).isTrue();
    }

    @Test
    void a_publish_with_nothing_to_wait_for_still_waits_for_those_before_it() {
        ledger.add(40, 0);
        ledger.add(0, 0);
        assertThat(confirmBelow(40)).isZero();
        assertThat(confirmBelow(41)).isEqualTo(2);
        ledger.add(0, 0);
        assertThat(confirmBelow(41)).isEqualTo(3);
    }

    @Test
    void many_unconfirmed_publishes_keep_their_order_while_the_ledger_grows() {
        long confirmed = 0;
        for (int i = 1; i <= 10_000; i++) {
            ledger.add(i * 8L, 0);
            if (i % 3 == 0) {
                confirmed = confirmBelow((i / 2) * 8L + 1);
                assertThat(confirmed).isEqualTo(i / 2);
            }
        }
        assertThat(confirmBelow(Long.MAX_VALUE)).isEqualTo(10_000);
    }

    private long confirmBelow(long durable) {
        return ledger.confirmBelow(durable, 0, new Durations(Durations.Scale.FINE));
    }

    @Test
    void each_publish_is_timed_from_when_it_came() {
        Durations latencies = new Durations(Durations.Scale.FINE);
        ledger.add(8, 1_000_000);
        ledger.add(16, 1_000_000);
        ledger.add(24, 3_000_000);
        assertThat(ledger.confirmBelow(17, 5_000_000, latencies)).isEqualTo(2);
        assertThat(latencies.sumNs()).isEqualTo(8_000_000);
        assertThat(ledger.confirmBelow(25, 5_000_000, latencies)).isEqualTo(3);
        assertThat(latencies.sumNs()).isEqualTo(10_000_000);
    }

    @Test
    void a_publish_is_answered_when_every_queue_asked_has_spoken() {
        ledger.add(0, 0);
        long asked = ledger.add(0, 0, 2);
        ledger.add(0, 0);
        assertThat(confirmBelow(1)).isEqualTo(1);
        assertThat(confirmBelow(1)).isEqualTo(1);
        ledger.answered(asked, true);
        assertThat(confirmBelow(1)).isEqualTo(1);
        ledger.answered(asked, true);
        assertThat(confirmBelow(1)).isEqualTo(3);
        assertThat(ledger.refused()).isFalse();
    }

    @Test
    void refused_publishes_are_told_apart_from_those_around_them() {
        ledger.add(0, 0);
        long first = ledger.add(0, 0, 1);
        long second = ledger.add(0, 0, 2);
        ledger.add(0, 0);
        ledger.answered(second, true);
        ledger.answered(first, false);
        ledger.answered(second, false);
        assertThat(confirmBelow(1)).isEqualTo(1);
        assertThat(ledger.refused()).isFalse();
        assertThat(confirmBelow(1)).isEqualTo(3);
        assertThat(ledger.refused()).isTrue();
        assertThat(confirmBelow(1)).isEqualTo(4);
        assertThat(ledger.refused()).isFalse();
        assertThat(confirmBelow(1)).isEqualTo(4);
    }

    @Test
    void verdicts_find_their_publishes_while_the_ledger_grows() {
        long[] numbers = new long[1000];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = ledger.add(0, 0, 1);
            if (i >= 100) {
                ledger.answered(numbers[i - 100], i % 2 == 0);
                assertThat(confirmBelow(1)).isEqualTo(i - 99);
                assertThat(ledger.refused()).isEqualTo(i % 2 != 0);
            }
        }
    }
}
