package io.chasqui.server.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.rabbitmq.client.Channel;
import io.chasqui.core.session.Session;
import io.chasqui.server.testing.RunningBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SamplerTest {

    private RunningBroker broker;
    private Sampler sampler;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        sampler = new Sampler(broker.broker(), broker.clock());
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private Map<String, @Nullable Object> stats() throws Exception {
        return ShardLook.everywhere(
                        broker.broker(),
                        shard -> List.of(sampler.brokerStats(shard).told(Past.NONE)))
                .getFirst();
    }

    private static double rate(Map<String, @Nullable Object> stats, String name) {
        return (Double) ((Map<?, ?>) stats.get(name + "_details")).get("rate");
    }

    private void publish(int messages) throws Exception {
        Channel channel = broker.connect().createChannel();
        channel.confirmSelect();
        for (int i = 0; i < messages; i++) {
            channel.basicPublish("amq.fanout", "", null, new byte[1]);
        }
        channel.waitForConfirmsOrDie();
    }

    @Test
    void a_rate_is_what_changed_between_two_looks() throws Exception {
        sampler.watch();
        sampler.tick();
        publish(50);
        broker.clock().advance(Duration.ofSeconds(5));
        sampler.tick();
        Map<String, @Nullable Object> stats = stats();
        assertThat(stats).containsEntry("publish", 50L);
        assertThat(rate(stats, "publish")).isCloseTo(10, within(1.0));
    }

    @Test
    void a_connection_tells_how_fast_octets_come_and_go() throws Exception {
        Channel channel = broker.connect().createChannel();
        sampler.watch();
        sampler.tick();
        Readings before = traffic();
        for (int i = 0; i < 10; i++) {
            channel.queueDeclare();
        }
        broker.clock().advance(Duration.ofSeconds(5));
        sampler.tick();
        Readings after = traffic();
        double perSecond = (after.value("recv_oct") - before.value("recv_oct")) / 5.0;
        assertThat(perSecond).isPositive();
        assertThat(rate(after.told(Past.NONE), "recv_oct")).isCloseTo(perSecond, within(0.5));
        assertThat(rate(after.told(Past.NONE), "send_oct")).isPositive();
    }

    /** Of the only connection. */
    private Readings traffic() throws Exception {
        Session session = broker.broker().sessions().all().iterator().next();
        return ShardLook.on(
                session.shard(),
                () -> sampler.traffic(session, session.client().report().orElseThrow().traffic()));
    }

    @Test
    void a_channel_and_an_exchange_tell_how_fast_messages_pass() throws Exception {
        Channel channel = broker.connect().createChannel();
        channel.confirmSelect();
        channel.basicPublish("amq.fanout", "", null, new byte[1]);
        channel.waitForConfirmsOrDie();
        sampler.watch();
        sampler.tick();
        for (int i = 0; i < 10; i++) {
            channel.basicPublish("amq.fanout", "", null, new byte[1]);
        }
        channel.waitForConfirmsOrDie();
        broker.clock().advance(Duration.ofSeconds(5));
        sampler.tick();
        Session session = broker.broker().sessions().all().iterator().next();
        Map<String, @Nullable Object> published =
                ShardLook.on(
                        session.shard(),
                        () ->
                                sampler.publishes(session.channelCounters(1), session.shard())
                                        .told(Past.NONE));
        assertThat(published).containsEntry("publish", 11L);
        assertThat(rate(published, "publish")).isCloseTo(2, within(0.2));
        assertThat(rate(published, "confirm")).isCloseTo(2, within(0.2));
        var exchange = broker.broker().vhosts().existing("/").exchange("amq.fanout");
        Map<String, @Nullable Object> in =
                ShardLook.on(
                        session.shard(),
                        () ->
                                sampler.in(exchange.counters().on(session.shard()), session.shard())
                                        .told(Past.NONE));
        assertThat(rate(in, "publish_in")).isCloseTo(2, within(0.2));
    }

    /** As {@code lengths_age=60&lengths_incr=step}. */
    private Map<?, ?> pastOf(String figure, long stepMs) throws Exception {
        return (Map<?, ?>)
                ShardLook.everywhere(
                                broker.broker(),
                                shard ->
                                        List.of(
                                                sampler.brokerStats(shard)
                                                        .told(new Past(62_000, stepMs))))
                        .getFirst()
                        .get(figure + "_details");
    }

    @Test
    void the_last_minute_is_told_to_who_asks_for_it() throws Exception {
        sampler.watchPast();
        for (int i = 0; i < 20; i++) {
            sampler.tick();
            publish(10);
            broker.clock().advance(Duration.ofSeconds(5));
        }
        Map<?, ?> all = pastOf("publish", 5_000);
        assertThat((List<?>) all.get("samples")).hasSize(13);
        assertThat(((List<?>) all.get("samples")).getFirst()).extracting("sample").isEqualTo(190L);
        assertThat((Double) all.get("avg")).isCloseTo(130, within(0.01));
        assertThat((Double) all.get("avg_rate")).isCloseTo(2, within(0.1));
        assertThat((List<?>) pastOf("publish", 20_000).get("samples")).hasSize(4);
    }

    @Test
    void nothing_is_noted_while_nobody_asks() throws Exception {
        sampler.tick();
        publish(10);
        broker.clock().advance(Duration.ofSeconds(5));
        sampler.tick();
        assertThat(rate(stats(), "publish")).isZero();
    }
}
