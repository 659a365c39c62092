package io.chasqui.embedded.junit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.chasqui.embedded.EmbeddedBroker;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

@WithBroker(settings = "limits.channel-max=7")
class BrokerExtensionTest {

    private EmbeddedBroker before;

    private static Connection connect(EmbeddedBroker broker) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker.uri());
        return factory.newConnection();
    }

    @BeforeEach
    void remember(EmbeddedBroker broker) {
        before = broker;
    }

    @Test
    void a_test_has_the_broker_of_what_ran_before_it(EmbeddedBroker broker) throws Exception {
        assertThat(broker).isSameAs(before);
        try (Connection connection = connect(broker)) {
            assertThat(connection.getChannelMax()).isEqualTo(7);
        }
    }

    @Test
    @WithBroker(settings = "limits.channel-max=8", http = true, onDisk = true)
    void a_test_inherits_the_broker_that_is_there(EmbeddedBroker broker) {
        assertThat(broker).isSameAs(before);
    }

    /** What is in the documentation. */
    @Test
    void an_offer_that_nobody_takes_is_gone_after_an_hour(EmbeddedBroker broker) throws Exception {
        try (Connection connection = connect(broker)) {
            Channel channel = connection.createChannel();
            channel.confirmSelect();
            channel.queueDeclare("offers", true, false, false, Map.of("x-message-ttl", 3_600_000));
            channel.basicPublish("", "offers", null, "half price".getBytes(UTF_8));
            channel.waitForConfirmsOrDie();
            assertThat(channel.messageCount("offers")).isEqualTo(1);

            broker.advance(Duration.ofHours(1));

            assertThat(channel.basicGet("offers", true)).isNull();
        }
    }

    @Nested
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    class Shared_when_asked_for_before_all {

        private static final Set<EmbeddedBroker> SEEN = new HashSet<>();

        @BeforeAll
        static void start(EmbeddedBroker broker) throws Exception {
            SEEN.add(broker);
            try (Connection connection = connect(broker)) {
                connection.createChannel().queueDeclare("q", true, false, false, null);
            }
        }

        @Test
        @Order(1)
        void the_first_test_has_it(EmbeddedBroker broker) {
            SEEN.add(broker);
            assertThat(SEEN).hasSize(1);
        }

        @Test
        @Order(2)
        void and_so_has_the_second(EmbeddedBroker broker) throws Exception {
            SEEN.add(broker);
            assertThat(SEEN).hasSize(1);
            try (Connection connection = connect(broker)) {
                assertThat(connection.getChannelMax()).isEqualTo(7);
                connection.createChannel().queueDeclarePassive("q");
            }
        }
    }
}
