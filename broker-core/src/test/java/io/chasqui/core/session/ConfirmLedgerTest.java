package io.chasqui.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConfirmLedgerTest {

    private final ConfirmLedger ledger = new ConfirmLedger();

    @Test
    void publishes_are_numbered_from_one() {
        assertThat(ledger.add(8)).isEqualTo(1);
        assertThat(ledger.add(16)).isEqualTo(2);
    }

    @Test
    void only_publishes_below_the_durable_position_are_confirmed() {
        ledger.add(8);
        ledger.add(16);
        ledger.add(24);
        assertThat(ledger.confirmBelow(8)).isZero();
        assertThat(ledger.confirmBelow(17)).isEqualTo(2);
        assertThat(ledger.size()).isEqualTo(1);
        assertThat(ledger.confirmBelow(25)).isEqualTo(3);
        assertThat(ledger.isEmpty()).isTrue();
    }

    @Test
    void a_publish_with_nothing_to_wait_for_still_waits_for_those_before_it() {
        ledger.add(40);
        ledger.add(0);
        assertThat(ledger.confirmBelow(40)).isZero();
        assertThat(ledger.confirmBelow(41)).isEqualTo(2);
        ledger.add(0);
        assertThat(ledger.confirmBelow(41)).isEqualTo(3);
    }

    @Test
    void many_unconfirmed_publishes_keep_their_order_while_the_ledger_grows() {
        long confirmed = 0;
        for (int i = 1; i <= 10_000; i++) {
            ledger.add(i * 8L);
            if (i % 3 == 0) {
                confirmed = ledger.confirmBelow((i / 2) * 8L + 1);
                assertThat(confirmed).isEqualTo(i / 2);
            }
        }
        assertThat(ledger.confirmBelow(Long.MAX_VALUE)).isEqualTo(10_000);
    }
}
