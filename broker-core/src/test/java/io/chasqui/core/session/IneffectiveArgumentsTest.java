package io.chasqui.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.Resource;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IneffectiveArgumentsTest {

    private final IneffectiveArguments ineffective = new IneffectiveArguments();
    private final Resource queue = Resource.queue("q", "/");

    @Test
    void an_argument_without_effect_is_told_of_once() {
        Arguments arguments = Arguments.of(Map.of("x-max-age", 60_000));
        assertThat(ineffective.note(queue, arguments)).containsExactly("x-max-age");
        assertThat(ineffective.note(queue, arguments)).isEmpty();
    }

    @Test
    void an_argument_that_works_is_not_told_of() {
        Arguments arguments = Arguments.of(Map.of("x-queue-type", "classic"));
        assertThat(ineffective.note(queue, arguments)).isEmpty();
    }
}
