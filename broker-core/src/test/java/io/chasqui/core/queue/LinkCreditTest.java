package io.chasqui.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LinkCreditTest {

    private final LinkCredit credit = new LinkCredit();

    @Test
    void there_is_none_to_begin_with() {
        assertThat(credit.isLeft()).isFalse();
    }

    @Test
    void what_was_under_way_when_it_was_granted_counts() {
        credit.grant(0, 2);
        credit.use();
        credit.use();
        assertThat(credit.isLeft()).isFalse();
        credit.grant(1, 2); // the client had seen the first one only
        assertThat(credit.isLeft()).isTrue();
        credit.use();
        assertThat(credit.isLeft()).isFalse();
    }

    @Test
    void what_never_went_out_may_be_given_again() {
        credit.grant(0, 1);
        credit.use();
        credit.giveBack();
        assertThat(credit.isLeft()).isTrue();
    }

    @Test
    void it_may_be_taken_back() {
        credit.grant(0, 10);
        credit.use();
        credit.grant(1, 0);
        assertThat(credit.isLeft()).isFalse();
    }

    @Test
    void forgone_credit_counts_as_given() {
        credit.grant(0, 10);
        credit.forgo();
        credit.grant(10, 1);
        credit.use();
        assertThat(credit.isLeft()).isFalse();
    }

    @Test
    void numbers_go_round() {
        credit.grant(Integer.MAX_VALUE - 1, 1);
        credit.forgo();
        credit.grant(Integer.MAX_VALUE, 3);
        credit.use();
        credit.use();
        assertThat(credit.isLeft()).isTrue();
    }
}
