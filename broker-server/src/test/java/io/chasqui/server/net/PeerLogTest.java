package io.chasqui.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What peers say reaches the log as one short printable line. */
class PeerLogTest {

    @Test
    void control_characters_cannot_fake_a_line_or_colour_one() {
        assertThat(PeerLog.printable("a\r\nb\u001b[31mc\u2028d"))
                .isEqualTo("a\\u000d\\u000ab\\u001b[31mc\\u2028d");
    }

    @Test
    void a_line_is_cut() {
        assertThat(PeerLog.printable("x".repeat(10_000))).hasSize(PeerLog.MAX_CHARS + 3);
        assertThat(PeerLog.printable("\n".repeat(10_000)))
                .hasSizeLessThanOrEqualTo(PeerLog.MAX_CHARS + 3);
    }

    @Test
    void other_scripts_are_left_alone() {
        assertThat(PeerLog.printable("очередь 队列")).isEqualTo("очередь 队列");
    }
}
