package io.chasqui.protocol.amqp091;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** 0-9-1 §1.2, the reply codes. */
class ReplyCodeTest {

    @ParameterizedTest
    @CsvSource({
        "200, REPLY_SUCCESS, NONE",
        "311, CONTENT_TOO_LARGE, CHANNEL",
        "312, NO_ROUTE, CHANNEL",
        "313, NO_CONSUMERS, CHANNEL",
        "320, CONNECTION_FORCED, CONNECTION",
        "402, INVALID_PATH, CONNECTION",
        "403, ACCESS_REFUSED, CHANNEL",
        "404, NOT_FOUND, CHANNEL",
        "405, RESOURCE_LOCKED, CHANNEL",
        "406, PRECONDITION_FAILED, CHANNEL",
        "501, FRAME_ERROR, CONNECTION",
        "502, SYNTAX_ERROR, CONNECTION",
        "503, COMMAND_INVALID, CONNECTION",
        "504, CHANNEL_ERROR, CONNECTION",
        "505, UNEXPECTED_FRAME, CONNECTION",
        "506, RESOURCE_ERROR, CONNECTION",
        "530, NOT_ALLOWED, CONNECTION",
        "540, NOT_IMPLEMENTED, CONNECTION",
        "541, INTERNAL_ERROR, CONNECTION",
    })
    void codes_names_and_scopes_are_the_specifications(
            int code, String name, ReplyCode.Scope scope) {
        ReplyCode reply = ReplyCode.of(code).orElseThrow();

        assertThat(reply.code()).isEqualTo(code);
        assertThat(reply.amqpName()).isEqualTo(name);
        assertThat(reply.scope()).isEqualTo(scope);
        assertThat(reply.isSoft()).isEqualTo(scope == ReplyCode.Scope.CHANNEL);
        assertThat(reply.isHard()).isEqualTo(scope == ReplyCode.Scope.CONNECTION);
        assertThat(ReplyCode.values()).hasSize(19);
    }

    @Test
    void an_unknown_code_is_none() {
        assertThat(ReplyCode.of(999)).isEmpty();
    }

    @Test
    void the_text_is_name_and_detail_as_rabbitmq_writes_it() {
        assertThat(ReplyCode.NOT_FOUND.text("no queue 'q' in vhost '/'"))
                .isEqualTo("NOT_FOUND - no queue 'q' in vhost '/'");
    }

    @Test
    void a_text_too_long_for_a_short_string_is_cut_between_characters() {
        for (String letter : new String[] {"a", "ä", "中", "🐦"}) {
            for (int shift = 0; shift < 4; shift++) {
                String text = ReplyCode.NOT_FOUND.text("x".repeat(shift) + letter.repeat(300));

                assertThat(text.getBytes(UTF_8).length).isBetween(252, 255);
                assertThat(text).endsWith(letter + "...").doesNotContain("\uFFFD");
            }
        }
        assertThat(ReplyCode.NOT_FOUND.text("x".repeat(243))).hasSize(255).endsWith("x");
    }

    @Test
    void an_exception_has_no_stack_trace_and_keeps_scope_text_and_method() {
        ProtocolException e =
                new ProtocolException(
                        ReplyCode.NOT_FOUND, ReplyCode.Scope.CONNECTION, "gone", 50, 10);

        assertThat(e.getStackTrace()).isEmpty();
        assertThat(e).hasMessage("NOT_FOUND - gone");
        assertThat(e.scope()).isEqualTo(ReplyCode.Scope.CONNECTION);
        assertThat(e.classId()).isEqualTo(50);
        assertThat(e.methodId()).isEqualTo(10);
        assertThat(e.during(MethodId.BASIC_ACK).methodId()).isEqualTo(80);
        assertThat(e.during(MethodId.BASIC_ACK).scope()).isEqualTo(ReplyCode.Scope.CONNECTION);
    }
}
