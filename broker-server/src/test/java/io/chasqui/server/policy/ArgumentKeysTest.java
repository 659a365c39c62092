package io.chasqui.server.policy;

import org.junit.jupiter.api.Test;

/** What a policy does not bring about, as in RabbitMQ. */
class ArgumentKeysTest extends PolicyScene {

    ArgumentKeysTest() {
        super(SetBy.ARGUMENT);
    }

    @Test
    void delivery_limit_of_a_classic_queue() throws Exception {
        deliveryLimitOf("classic");
    }
}
