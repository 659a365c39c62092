package io.chasqui.core.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chasqui.core.refusal.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArgumentsTest {

    @Test
    void the_order_of_entries_is_kept_and_not_compared() {
        Map<String, Object> table = new LinkedHashMap<>();
        table.put("b", 1);
        table.put("a", 2);

        Arguments arguments = Arguments.of(table);

        assertThat(arguments.names()).containsExactly("b", "a");
        assertThat(arguments).isEqualTo(Arguments.of(Map.of("a", 2, "b", 1)));
        assertThat(arguments).hasSameHashCodeAs(Arguments.of(Map.of("a", 2, "b", 1)));
    }

    @Test
    void octets_are_compared_by_value_at_any_depth() {
        Arguments one = Arguments.of(Map.of("t", Map.of("l", List.of(new byte[] {1, 2}))));
        Arguments other = Arguments.of(Map.of("t", Map.of("l", List.of(new byte[] {1, 2}))));

        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
        assertThat(Arguments.of(Map.of("o", new byte[] {1})))
                .isNotEqualTo(Arguments.of(Map.of("o", new byte[] {2})));
    }

    @Test
    void a_later_change_of_what_they_were_made_from_does_not_reach_them() {
        byte[] octets = {1};
        List<Object> list = new ArrayList<>(List.of("first"));
        Map<String, Object> table = new HashMap<>(Map.of("l", list, "o", octets));
        Arguments arguments = Arguments.of(table);

        octets[0] = 9;
        list.add("second");
        table.put("k", "v");

        assertThat(arguments)
                .isEqualTo(Arguments.of(Map.of("l", List.of("first"), "o", new byte[] {1})));
        assertThatThrownBy(() -> arguments.asMap().put("k", "v"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void an_integer_of_any_width_is_read_as_a_long() {
        Arguments arguments =
                Arguments.of(Map.of("b", (byte) -1, "s", (short) 2, "I", 3, "l", 4L, "d", 5.0));

        assertThat(arguments.integer("b")).hasValue(-1);
        assertThat(arguments.integer("s")).hasValue(2);
        assertThat(arguments.integer("I")).hasValue(3);
        assertThat(arguments.integer("l")).hasValue(4);
        assertThat(arguments.integer("d")).isEmpty();
        assertThat(arguments.integer("missing")).isEmpty();
    }

    @Test
    void integers_of_different_width_are_different_values() {
        assertThat(Arguments.of(Map.of("a", 1))).isNotEqualTo(Arguments.of(Map.of("a", 1L)));
    }

    @Test
    void void_is_a_value_and_not_an_absent_one() {
        Arguments arguments = Arguments.EMPTY.with("v", null);

        assertThat(arguments.contains("v")).isTrue();
        assertThat(arguments.get("v")).isNull();
        assertThat(arguments).isNotEqualTo(Arguments.EMPTY);
        assertThat(arguments.without("v")).isEqualTo(Arguments.EMPTY);
    }

    @Test
    void only_what_a_field_table_can_hold_is_taken() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Arguments.of(Map.of("c", 'c')))
                .withMessageContaining("java.lang.Character");
    }

    @Test
    void tables_nested_too_deep_are_refused() {
        Object nested = "bottom";
        for (int i = 0; i < Arguments.MAX_DEPTH; i++) {
            nested = List.of(nested);
        }
        Object deepest = nested;

        assertThat(Arguments.of(Map.of("k", deepest)).isEmpty()).isFalse();
        assertThatThrownBy(() -> Arguments.of(Map.of("k", List.of(deepest))))
                .isInstanceOf(Refusal.PreconditionFailed.class);
    }
}
