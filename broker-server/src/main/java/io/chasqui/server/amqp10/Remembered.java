package io.chasqui.server.amqp10;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.session.Session;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnknownDescribedType;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.messaging.TerminusDurability;
import org.apache.qpid.proton.amqp.messaging.TerminusExpiryPolicy;

/** The source of a durable subscription that a client asks after: it attaches with none (1.0 §2.6.3). */
final class Remembered {

    private static final Symbol JMS_SELECTOR = Symbol.valueOf("jms-selector");
    private static final Symbol SELECTOR_TYPE = Symbol.valueOf("apache.org:selector-filter:string");

    private Remembered() {}

    /**
     * @param queue of the subscription
     * @throws Refusal.NotFound if there is no such subscription
     * @throws Refusal.ResourceLocked if somebody has part in it
     */
    static Source source(Session broker, String queue, String subscription) {
        Queue known = broker.vhost().queue(queue);
        Arguments arguments = known == null ? Arguments.EMPTY : known.definition().arguments();
        String topic = arguments.text(TopicSubscription.TOPIC).orElse(null);
        if (known == null || topic == null) {
            throw new Refusal.NotFound(
                    "no subscription '%s' in vhost '%s'"
                            .formatted(subscription, broker.vhost().name()));
        }
        Source source = new Source();
        source.setAddress(topic);
        source.setDurable(TerminusDurability.UNSETTLED_STATE);
        source.setExpiryPolicy(TerminusExpiryPolicy.NEVER);
        source.setCapabilities(Capabilities.TOPIC);
        arguments
                .text(TopicSubscription.SELECTOR)
                .ifPresent(text -> source.setFilter(selector(text)));
        return source;
    }

    private static Map<Symbol, Object> selector(String text) {
        Map<Symbol, Object> filters = new LinkedHashMap<>();
        filters.put(JMS_SELECTOR, new UnknownDescribedType(SELECTOR_TYPE, text));
        return filters;
    }
}
