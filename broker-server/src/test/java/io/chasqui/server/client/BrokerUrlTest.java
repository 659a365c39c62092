package io.chasqui.server.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerUrlTest {

    @Test
    void all_but_the_host_may_be_left_out() {
        assertThat(BrokerUrl.parse("amqp://broker"))
                .isEqualTo(new BrokerUrl("broker", 5672, "guest", "guest", "/", Optional.empty()));
    }

    @Test
    void names_are_percent_encoded() {
        assertThat(BrokerUrl.parse("amqp://a%40b:p+%2f@127.0.0.1:5673/%2fv"))
                .isEqualTo(new BrokerUrl("127.0.0.1", 5673, "a@b", "p+/", "/v", Optional.empty()));
    }

    @Test
    void a_bare_slash_is_the_default_virtual_host() {
        assertThat(BrokerUrl.parse("amqp://h/").virtualHost()).isEqualTo("/");
    }

    @Test
    void with_tls_it_tells_whom_to_believe() {
        assertThat(BrokerUrl.parse("amqps://h"))
                .isEqualTo(url(5671, new TlsTrust(Optional.empty(), true)));
        assertThat(BrokerUrl.parse("amqps://h:99/?cacertfile=%2Ftmp%2Fca.pem"))
                .isEqualTo(url(99, new TlsTrust(Optional.of(Path.of("/tmp/ca.pem")), true)));
        assertThat(BrokerUrl.parse("amqps://h?verify=verify_none"))
                .isEqualTo(url(5671, new TlsTrust(Optional.empty(), false)));
    }

    private static BrokerUrl url(int port, TlsTrust trust) {
        return new BrokerUrl("h", port, "guest", "guest", "/", Optional.of(trust));
    }

    @Test
    void its_text_hides_the_password() {
        assertThat(BrokerUrl.parse("amqp://me:secret@h")).asString().doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "broker",
                "http://broker",
                "amqp:///",
                "amqp://a b",
                "amqp://h?verify=verify_none",
                "amqps://h?verify=perhaps",
                "amqps://h?colour=red"
            })
    void anything_else_is_refused(String text) {
        assertThatThrownBy(() -> BrokerUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
