package io.chasqui.server.logging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What peers say reaches the log as one short printable line. */
class PrintableTest {

    private static final int CHARS = 240;

    @Test
    void control_characters_cannot_fake_a_line_or_colour_one() {
        assertThat(Printable.of("a\r\nb\u001b[31mc\u2028d\u009be\u202ef\u007f", CHARS))
                .isEqualTo("a\\u000d\\u000ab\\u001b[31mc\\u2028d\\u009be\\u202ef\\u007f");
    }

    @Test
    void a_line_is_cut() {
        assertThat(Printable.of("x".repeat(10_000), CHARS)).hasSize(CHARS + 3).endsWith("x...");
        assertThat(Printable.of("\n".repeat(10_000), CHARS)).hasSizeLessThanOrEqualTo(CHARS + 3);
        assertThat(Printable.of("x".repeat(CHARS), CHARS)).isEqualTo("x".repeat(CHARS));
    }

    @Test
    void other_scripts_are_left_alone() {
        assertThat(Printable.of("очередь 队列 𝄞", CHARS)).isEqualTo("очередь 队列 𝄞");
    }
}
