package io.chasqui.server.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void values_keep_their_kind() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("a", 1L);
        object.put("b", Arrays.asList(true, null, 2.5));
        object.put("c", Map.of());
        assertThat(Json.write(object)).isEqualTo("{\"a\":1,\"b\":[true,null,2.5],\"c\":{}}");
    }

    @Test
    void what_json_cannot_write_as_a_number_is_text() {
        assertThat(Json.write(Double.NaN)).isEqualTo("\"NaN\"");
        assertThat(Json.write(Float.POSITIVE_INFINITY)).isEqualTo("\"Infinity\"");
    }

    @Test
    void text_is_escaped() {
        assertThat(Json.write("\"\\\n\t\u0000é")).isEqualTo("\"\\\"\\\\\\n\\u0009\\u0000é\"");
    }

    @Test
    void half_a_surrogate_pair_is_escaped_and_a_whole_one_is_not() {
        assertThat(Json.write("\uD83D\uDE00 \uD83D x")).isEqualTo("\"\uD83D\uDE00 \\ud83d x\"");
    }
}
