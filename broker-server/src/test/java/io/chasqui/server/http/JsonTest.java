package io.chasqui.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void what_was_written_is_read_again() throws Exception {
        Map<String, Object> object =
                Map.of(
                        "text",
                        "a\"b\\c\n\u0001ü😀",
                        "number",
                        1234567890123L,
                        "fraction",
                        0.5,
                        "flag",
                        true,
                        "list",
                        List.of(1, "two", Map.of("three", 3)));
        assertThat(Json.readObject(Json.write(object))).isEqualTo(object);
    }

    @Test
    void nothing_counts_as_an_empty_object_and_null_as_absent() throws Exception {
        assertThat(Json.readObject(new byte[0])).isEmpty();
        assertThat(Json.readObject("{\"a\":null}".getBytes(UTF_8))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[]", "1", "{", "{\"a\":}", "{} {}", "{\"a\":1,\"a\":2}", "{\"a\":NaN}"})
    void anything_but_one_object_is_refused(String text) {
        assertThatThrownBy(() -> Json.readObject(text.getBytes(UTF_8)))
                .isInstanceOf(HttpRefusal.class);
    }

    @Test
    void depth_is_bounded() {
        String deep = "{\"a\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}";
        assertThatThrownBy(() -> Json.readObject(deep.getBytes(UTF_8)))
                .isInstanceOf(HttpRefusal.class);
    }

    @Test
    void what_json_cannot_write_as_a_number_is_text() {
        assertThat(Json.text(Double.NaN)).isEqualTo("\"NaN\"");
        assertThat(Json.text(Float.POSITIVE_INFINITY)).isEqualTo("\"Infinity\"");
    }

    @Test
    void half_a_surrogate_pair_is_replaced_and_a_whole_one_is_not() {
        assertThat(Json.text("\uD83D\uDE00 \uD83D x")).isEqualTo("\"\uD83D\uDE00 \uFFFD x\"");
    }
}
