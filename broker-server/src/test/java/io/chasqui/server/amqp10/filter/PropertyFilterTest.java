package io.chasqui.server.amqp10.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Filter Expressions 1.0 §4: property filters. */
class PropertyFilterTest {

    private final FakeMessage message =
            new FakeMessage()
                    .with(Field.SUBJECT, "order.new")
                    .with(Field.GROUP_SEQUENCE, 3L)
                    .with("colour", "red")
                    .with("weight", 2500L)
                    .with("odd", "&x");

    private boolean properties(String name, Object value) throws BadFilterException {
        return PropertyFilter.ofProperties(Map.of(name, value)).holds(message);
    }

    private boolean application(String name, Object value) throws BadFilterException {
        return PropertyFilter.ofApplicationProperties(Map.of(name, value)).holds(message);
    }

    @Test
    void a_value_must_be_equal() throws Exception {
        assertThat(properties("subject", "order.new")).isTrue();
        assertThat(properties("subject", "order")).isFalse();
        assertThat(properties("group-sequence", 3L)).isTrue();
        assertThat(properties("to", "x")).isFalse();
        assertThat(application("weight", 2500.0)).isTrue();
        assertThat(application("weight", "2500")).isFalse();
        assertThat(application("missing", 1L)).isFalse();
    }

    @Test
    void a_value_may_begin_or_end_with_something() throws Exception {
        assertThat(properties("subject", "&p:order.")).isTrue();
        assertThat(properties("subject", "&s:.new")).isTrue();
        assertThat(properties("subject", "&s:.old")).isFalse();
        assertThat(application("weight", "&p:2")).isFalse();
        assertThat(application("odd", "&&x")).isTrue();
        assertThatThrownBy(() -> application("odd", "&x"))
                .hasMessage("'&x' begins with & but not with &p:, &s: or &&");
    }

    @Test
    void all_fields_must_fit() throws Exception {
        Map<String, Object> both = Map.of("colour", "red", "weight", 1L);
        assertThat(PropertyFilter.ofApplicationProperties(both).holds(message)).isFalse();
    }

    @Test
    void null_is_for_any_value_and_an_application_property_must_be_there() throws Exception {
        Map<String, Object> any = new HashMap<>();
        any.put("to", null);
        assertThat(PropertyFilter.ofProperties(any).holds(message)).isTrue();
        assertThat(PropertyFilter.ofApplicationProperties(any).holds(message)).isFalse();
    }

    @Test
    void no_fields_many_fields_and_unknown_ones_are_refused() {
        Map<String, Object> many = new HashMap<>();
        for (int i = 0; i < 17; i++) {
            many.put("p" + i, 1L);
        }
        assertThatThrownBy(() -> PropertyFilter.ofApplicationProperties(many))
                .hasMessage("a property filter has 1 to 16 fields, not 17");
        assertThatThrownBy(() -> PropertyFilter.ofProperties(Map.of()))
                .hasMessage("a property filter has 1 to 16 fields, not 0");
        assertThatThrownBy(() -> properties("priority", 1L))
                .hasMessage("there is no property 'priority'");
        assertThatThrownBy(() -> properties("message_id", "x"))
                .hasMessage("there is no property 'message_id'");
    }
}
