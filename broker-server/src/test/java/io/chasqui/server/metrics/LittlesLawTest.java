package io.chasqui.server.metrics;

import static io.chasqui.server.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.MessageProperties;
import io.chasqui.server.testing.RunningBroker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Little's law, L = lambda W, from what is scraped and nothing else: the mean number of messages in
 * a queue is the rate at which they come times the mean time they spend there, waiting and being
 * worked on.
 *
 * <p>Exact by construction: the queue is empty at both ends, nothing happens between two scrapes but
 * that the broker's clock goes forward, and L does not change while it does. What is left is the
 * real time that the steps themselves take.
 */
class LittlesLawTest {

    private static final String ACKNOWLEDGED = "rabbitmq_global_messages_acknowledged_total";
    private static final Duration STEP = Duration.ofSeconds(10);
    private static final int PREFETCH = 5;
    private static final int PILED_UP = 12;
    private static final int STEADY_STEPS = 40;

    private RunningBroker broker;
    private Channel producer;
    private Channel worker;
    private final BlockingQueue<Long> delivered = new LinkedBlockingQueue<>();

    /** Area under the number of messages over time, in message seconds, by sampling. */
    private double area;

    private double seconds;
    private double number;
    private long lastNs;

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void the_mean_length_is_the_rate_times_the_mean_time_in_the_queue(int loops) throws Exception {
        try (RunningBroker running =
                RunningBroker.with(
                        Map.of("event-loops", Integer.toString(loops), "limits.heartbeat", "0s"))) {
            broker = running;
            producer = broker.connect(withoutHeartbeats()).createChannel();
            producer.queueDeclare("work", true, false, false, null);
            producer.confirmSelect();
            worker = broker.connect(withoutHeartbeats()).createChannel();
            worker.basicQos(PREFETCH);
            worker.basicConsume("work", new Worker());
            lastNs = broker.clock().monotonicNs();
            for (int i = 0; i < PILED_UP; i++) {
                publish();
                sampleAndStep();
            }
            for (int i = 0; i < STEADY_STEPS; i++) {
                publish();
                acknowledge();
                sampleAndStep();
            }
            for (int i = 0; i < PILED_UP; i++) {
                acknowledge();
                sampleAndStep();
            }
            check("/metrics", "");
            check("/metrics/per-object", "work");
        }
    }

    private ConnectionFactory withoutHeartbeats() {
        ConnectionFactory factory = broker.factory();
        factory.setRequestedHeartbeat(0);
        return factory;
    }

    private void publish() throws Exception {
        producer.basicPublish("", "work", MessageProperties.PERSISTENT_BASIC, new byte[100]);
        producer.waitForConfirmsOrDie(10_000);
    }

    private void acknowledge() throws Exception {
        double before = Scrape.of(broker.metrics("/metrics")).value(ACKNOWLEDGED);
        Long tag = delivered.poll(10, TimeUnit.SECONDS);
        assertThat(tag).isNotNull();
        worker.basicAck(tag, false);
        eventually(() ->
                assertThat(Scrape.of(broker.metrics("/metrics")).value(ACKNOWLEDGED))
                        .isEqualTo(before + 1));
    }

    private void sampleAndStep() throws Exception {
        eventually(() -> {
            Scrape scrape = Scrape.of(broker.metrics("/metrics"));
            double unacked = scrape.value("rabbitmq_queue_messages_unacked");
            number = scrape.value("rabbitmq_queue_messages_ready") + unacked;
            assertThat(unacked).isEqualTo(Math.min(number, PREFETCH));
        });
        broker.clock().advance(STEP);
        long nowNs = broker.clock().monotonicNs();
        double passed = (nowNs - lastNs) / 1e9;
        lastNs = nowNs;
        area += number * passed;
        seconds += passed;
    }

    private void check(String path, String queue) throws Exception {
        Scrape scrape = Scrape.of(broker.metrics(path));
        String[] labels = queue.isEmpty() ? new String[0] : new String[] {"queue", queue};
        double acknowledged = scrape.value("chasqui_queue_service_seconds_count", labels);
        assertThat(acknowledged).isEqualTo(PILED_UP + STEADY_STEPS);
        assertThat(scrape.value("chasqui_queue_wait_seconds_count", labels))
                .isEqualTo(acknowledged);
        double rate = acknowledged / seconds;
        double timeInQueue =
                (scrape.value("chasqui_queue_wait_seconds_sum", labels)
                                + scrape.value("chasqui_queue_service_seconds_sum", labels))
                        / acknowledged;
        double meanLength = area / seconds;
        assertThat(rate * timeInQueue).isCloseTo(meanLength, Percentage.withPercentage(5));
        assertThat(meanLength).isGreaterThan(PREFETCH);
    }

    private final class Worker extends DefaultConsumer {

        Worker() {
            super(worker);
        }

        @Override
        public void handleDelivery(
                String consumerTag,
                Envelope envelope,
                AMQP.BasicProperties properties,
                byte[] body) {
            delivered.add(envelope.getDeliveryTag());
        }
    }
}
