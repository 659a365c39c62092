package io.chasqui.server.amqp10;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import io.chasqui.protocol.amqp10.MessageSections;
import io.chasqui.protocol.amqp10.ValueWriter;
import io.chasqui.server.testing.Amqp10Peer;
import io.chasqui.server.testing.Eventually;
import io.chasqui.server.testing.RunningBroker;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnknownDescribedType;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.messaging.Target;
import org.apache.qpid.proton.amqp.messaging.TerminusDurability;
import org.apache.qpid.proton.amqp.messaging.TerminusExpiryPolicy;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.Detach;
import org.apache.qpid.proton.amqp.transport.Flow;
import org.apache.qpid.proton.amqp.transport.Open;
import org.apache.qpid.proton.amqp.transport.Transfer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Topics of JMS, and subscriptions to them, as Qpid JMS asks for them. */
class TopicsTest {

    private static final Symbol TOPIC = Symbol.valueOf("topic");
    private static final Symbol SHARED = Symbol.valueOf("shared");
    private static final Symbol GLOBAL = Symbol.valueOf("global");
    private static final String DURABLE_QUEUE = "subscription/durable/test/sub";

    private RunningBroker broker;
    private Amqp10Peer peer;
    private Channel channel;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.start();
        channel = broker.connect().createChannel();
        peer = Amqp10Peer.connect(broker.port()).logsIn().begins();
    }

    @AfterEach
    void stop() throws Exception {
        peer.close();
        broker.close();
    }

    private void attachesPublisher(int handle, String topic) throws Exception {
        Attach attach = Amqp10Peer.sender(handle, topic);
        ((Target) attach.getTarget()).setCapabilities(TOPIC);
        peer.sends(0, attach);
        assertThat(peer.awaits(Attach.class).getTarget()).isNotNull();
        peer.awaits(Flow.class);
    }

    private void publishes(int handle, String text) throws Exception {
        assertThat(peer.publishes(handle, Messages.durable(text))).isInstanceOf(Accepted.class);
    }

    /** Publishes by 0-9-1, so that outcomes and deliveries do not mix. */
    private void isPublished(String topic, int deliveryMode, String text) throws Exception {
        channel.basicPublish(
                "amq.topic",
                topic,
                new BasicProperties.Builder().deliveryMode(deliveryMode).build(),
                text.getBytes(UTF_8));
    }

    private static Attach subscriber(int handle, String name, String topic, Symbol... further) {
        Attach attach = Amqp10Peer.receiver(handle, topic);
        attach.setName(name);
        Symbol[] capabilities = new Symbol[further.length + 1];
        capabilities[0] = TOPIC;
        System.arraycopy(further, 0, capabilities, 1, further.length);
        ((Source) attach.getSource()).setCapabilities(capabilities);
        return attach;
    }

    private static Attach durable(Attach attach) {
        Source source = (Source) attach.getSource();
        source.setDurable(TerminusDurability.UNSETTLED_STATE);
        source.setExpiryPolicy(TerminusExpiryPolicy.NEVER);
        source.setDistributionMode(Symbol.valueOf("copy"));
        return attach;
    }

    private static Attach selecting(Attach attach, String selector) {
        Map<Symbol, Object> filters = new LinkedHashMap<>();
        filters.put(
                Symbol.valueOf("jms-selector"),
                new UnknownDescribedType(
                        Symbol.valueOf("apache.org:selector-filter:string"), selector));
        ((Source) attach.getSource()).setFilter(filters);
        return attach;
    }

    private static Attach asksAfter(int handle, String name) {
        Attach attach = Amqp10Peer.receiver(handle, "");
        attach.setName(name);
        attach.setSource(null);
        return attach;
    }

    private @Nullable Source attaches(Attach attach) throws Exception {
        peer.sends(0, attach);
        return (Source) peer.awaits(Attach.class).getSource();
    }

    private void detaches(int handle, boolean closed) throws Exception {
        Detach detach = new Detach();
        detach.setHandle(UnsignedInteger.valueOf(handle));
        detach.setClosed(closed);
        peer.sends(0, detach);
        assertThat(peer.awaits(Detach.class).getError()).isNull();
    }

    private void isRefused(int handle, String condition) throws Exception {
        Detach detach = peer.awaits(Detach.class);
        assertThat((Object) detach.getError().getCondition()).hasToString(condition);
        Detach answer = new Detach();
        answer.setHandle(UnsignedInteger.valueOf(handle));
        answer.setClosed(true);
        peer.sends(0, answer);
    }

    private String hears() throws Exception {
        peer.awaits(Transfer.class);
        String payload = new String(peer.payload(), UTF_8);
        return payload.substring(payload.length() - 1);
    }

    private boolean isThere(String queue) {
        try (Channel asking = broker.connect().createChannel()) {
            asking.queueDeclarePassive(queue);
            return true;
        } catch (IOException _) {
            return false;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void open_offers_shared_subscriptions() throws Exception {
        try (Amqp10Peer other = Amqp10Peer.connect(broker.port()).logsIn()) {
            Open open = other.opens(Amqp10Peer.open());
            assertThat(open.getOfferedCapabilities())
                    .contains(Symbol.valueOf("ANONYMOUS-RELAY"), Symbol.valueOf("SHARED-SUBS"));
        }
    }

    @Test
    void every_subscriber_hears_of_a_topic_until_its_link_ends() throws Exception {
        attachesPublisher(0, "news.sport");
        publishes(0, "1");
        assertThat(attaches(subscriber(1, "a", "news.sport"))).isNotNull();
        assertThat(attaches(subscriber(2, "b", "news.*"))).isNotNull();
        peer.grants(1, 0, 5, false).grants(2, 0, 5, false);
        isPublished("news.sport", 1, "2");
        assertThat(hears() + hears()).isEqualTo("22");
        detaches(1, true);
        detaches(2, false);
        Eventually.eventually(() -> assertThat(queues()).isEmpty());
    }

    /** The queues that the broker named. */
    private String queues() {
        return broker.broker().vhosts().existing("/").queues().stream()
                .map(queue -> queue.name())
                .reduce("", String::concat);
    }

    @Test
    void a_topic_takes_what_nobody_has_subscribed_to() throws Exception {
        attachesPublisher(0, "nobody");
        publishes(0, "1");
        ValueWriter message = new ValueWriter().described(MessageSections.MESSAGE_ANNOTATIONS);
        int map = message.beginMap();
        message.symbol("x-opt-jms-dest").ubyte(1).end(map, 2);
        peer.attachesSender(1, null);
        ValueWriter all = message.described(MessageSections.PROPERTIES);
        int list = all.beginList();
        all.putNull().putNull().string("nobody").end(list, 3);
        all.described(MessageSections.DATA).binary("1".getBytes(UTF_8));
        assertThat(peer.publishes(1, all.toArray())).isInstanceOf(Accepted.class);
    }

    @Test
    void a_durable_subscription_gathers_messages_while_it_is_detached() throws Exception {
        attachesPublisher(0, "t");
        Source source = attaches(durable(subscriber(1, "sub", "t")));
        assertThat(source.getDurable()).isEqualTo(TerminusDurability.UNSETTLED_STATE);
        assertThat((Object) source.getDistributionMode()).hasToString("copy");
        detaches(1, false);
        publishes(0, "1");
        peer.close();
        peer = Amqp10Peer.connect(broker.port()).logsIn().begins();
        assertThat(attaches(durable(subscriber(1, "sub", "t")))).isNotNull();
        peer.grants(1, 0, 5, false);
        assertThat(hears()).isEqualTo("1");
        detaches(1, true);
        Eventually.eventually(() -> assertThat(isThere(DURABLE_QUEUE)).isFalse());
    }

    @Test
    void a_durable_subscription_is_found_without_a_source_and_closed() throws Exception {
        attaches(selecting(durable(subscriber(1, "sub", "t")), "a = 1"));
        detaches(1, false);
        Source found = attaches(asksAfter(1, "sub"));
        assertThat(found.getAddress()).isEqualTo("t");
        assertThat(found.getExpiryPolicy()).isEqualTo(TerminusExpiryPolicy.NEVER);
        Map<?, ?> filters = found.getFilter();
        assertThat(filters.keySet()).hasToString("[jms-selector]");
        detaches(1, true);
        Eventually.eventually(() -> assertThat(isThere(DURABLE_QUEUE)).isFalse());
        assertThat(attaches(asksAfter(1, "sub"))).isNull();
        isRefused(1, "amqp:not-found");
    }

    @Test
    void the_name_of_a_link_says_that_a_subscription_is_global() throws Exception {
        String queue = "subscription/durable//sub";
        assertThat(attaches(durable(subscriber(1, "sub|global", "t", SHARED, GLOBAL)))).isNotNull();
        detaches(1, false);
        assertThat(attaches(asksAfter(1, "sub|volatile"))).isNull();
        isRefused(1, "amqp:not-found");
        assertThat(attaches(asksAfter(1, "sub|global2")).getAddress()).isEqualTo("t");
        detaches(1, true);
        Eventually.eventually(() -> assertThat(isThere(queue)).isFalse());
    }

    @Test
    void a_durable_subscription_has_one_subscriber_and_is_not_ended_under_it() throws Exception {
        attaches(durable(subscriber(1, "sub", "t")));
        try (Amqp10Peer other = Amqp10Peer.connect(broker.port()).logsIn().begins()) {
            Amqp10Peer first = peer;
            peer = other;
            assertThat(attaches(durable(subscriber(1, "sub", "t")))).isNull();
            isRefused(1, "amqp:unauthorized-access");
            assertThat(attaches(asksAfter(2, "sub"))).isNull();
            isRefused(2, "amqp:resource-locked");
            peer = first;
        }
    }

    @Test
    void another_topic_or_selector_begins_a_durable_subscription_anew() throws Exception {
        attachesPublisher(0, "t");
        attaches(durable(subscriber(1, "sub", "t")));
        detaches(1, false);
        publishes(0, "1");
        attaches(durable(subscriber(1, "sub", "u")));
        detaches(1, false);
        publishes(0, "2");
        assertThat(channel.messageCount(DURABLE_QUEUE)).isZero();
        assertThat(attaches(asksAfter(1, "sub")).getAddress()).isEqualTo("u");
    }

    @Test
    void a_subscription_with_a_selector_keeps_nothing_else() throws Exception {
        attaches(selecting(durable(subscriber(1, "sub", "t")), "JMSDeliveryMode <> 'PERSISTENT'"));
        peer.grants(1, 0, 5, false);
        isPublished("t", 2, "1");
        isPublished("t", 1, "2");
        assertThat(hears()).isEqualTo("2");
        Eventually.eventually(() -> assertThat(channel.messageCount(DURABLE_QUEUE)).isZero());
    }

    @Test
    void subscribers_of_a_shared_subscription_have_each_a_part() throws Exception {
        attaches(subscriber(1, "s|volatile1", "t", SHARED));
        attaches(subscriber(2, "s|volatile2", "t", SHARED));
        assertThat(channel.consumerCount("subscription/shared/test/s")).isEqualTo(2);
        peer.grants(1, 0, 1, false).grants(2, 0, 1, false);
        isPublished("t", 1, "1");
        isPublished("t", 1, "2");
        assertThat(hears() + hears()).isIn("12", "21");
        detaches(1, true);
        detaches(2, true);
        Eventually.eventually(() -> assertThat(isThere("subscription/shared/test/s")).isFalse());
    }

    @Test
    void a_global_durable_subscription_is_that_of_all_containers() throws Exception {
        attaches(durable(subscriber(1, "s|global", "t", SHARED, GLOBAL)));
        attaches(durable(subscriber(2, "s|global2", "t", SHARED, GLOBAL)));
        assertThat(channel.consumerCount("subscription/durable//s")).isEqualTo(2);
        detaches(1, false);
        detaches(2, false);
        Attach asking = asksAfter(1, "s|global");
        asking.setDesiredCapabilities(SHARED, GLOBAL);
        assertThat(attaches(asking)).isNotNull();
        detaches(1, true);
        Eventually.eventually(() -> assertThat(isThere("subscription/durable//s")).isFalse());
    }

    @Test
    void a_temporary_topic_is_a_name_to_publish_and_subscribe_to() throws Exception {
        Attach creating = Amqp10Peer.sender(0, null);
        Target target = (Target) creating.getTarget();
        target.setDynamic(true);
        target.setCapabilities(Symbol.valueOf("temporary-topic"));
        peer.sends(0, creating);
        String name = ((Target) peer.awaits(Attach.class).getTarget()).getAddress();
        assertThat(name).startsWith("temporary-topic-");
        peer.awaits(Flow.class);
        Attach subscriber = Amqp10Peer.receiver(1, name);
        ((Source) subscriber.getSource()).setCapabilities(Symbol.valueOf("temporary-topic"));
        assertThat(attaches(subscriber)).isNotNull();
        peer.grants(1, 0, 1, false);
        attachesPublisher(2, name);
        peer.sendsMessage(2, Messages.data("1"));
        assertThat(hears()).isEqualTo("1");
    }

    @Test
    void an_exchange_is_a_topic_if_that_is_said() throws Exception {
        assertThat(attaches(subscriber(1, "a", "/exchanges/amq.direct/k"))).isNotNull();
        peer.grants(1, 0, 1, false);
        channel.basicPublish("amq.direct", "k", null, "7".getBytes(UTF_8));
        assertThat(hears()).isEqualTo("7");
        assertThat(attaches(Amqp10Peer.receiver(2, "/exchanges/amq.direct/k"))).isNull();
        isRefused(2, "amqp:invalid-field");
    }
}
