package io.chasqui.server.management;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What listings of a node say that it can do. */
class OfferedTest {

    private static NodeFacts node(boolean anonymous, boolean external) {
        return new NodeFacts("n", "c", "Chasqui", "1", "4.3.6", anonymous, external);
    }

    @Test
    void mechanisms_are_those_that_clients_are_offered() {
        assertThat(Offered.mechanisms(node(false, false)))
                .extracting(each -> each.get("name"))
                .containsExactly("PLAIN", "AMQPLAIN");
        assertThat(Offered.mechanisms(node(true, true)))
                .extracting(each -> each.get("name"))
                .containsExactly("PLAIN", "AMQPLAIN", "ANONYMOUS", "EXTERNAL");
    }
}
