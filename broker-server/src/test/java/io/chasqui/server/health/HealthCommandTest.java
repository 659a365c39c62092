package io.chasqui.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.server.testing.RunningBroker;
import org.junit.jupiter.api.Test;

/** The answer of {@code chasqui health}, as its exit status. */
class HealthCommandTest {

    @Test
    void a_broker_that_takes_clients_is_well() throws Exception {
        try (RunningBroker broker = RunningBroker.start()) {
            assertThat(ask(broker.http("/").getPort())).isZero();
        }
    }

    @Test
    void nobody_there_is_not_well() throws Exception {
        int port;
        try (RunningBroker broker = RunningBroker.start()) {
            port = broker.http("/").getPort();
        }
        assertThat(ask(port)).isEqualTo(1);
    }

    @Test
    void a_url_that_is_none_is_not_well() {
        assertThat(new HealthCommand("not a url").call()).isEqualTo(1);
    }

    private static int ask(int port) {
        return new HealthCommand("http://127.0.0.1:" + port + "/health/ready").call();
    }
}
