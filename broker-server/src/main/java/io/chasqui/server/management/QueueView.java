package io.chasqui.server.management;

import io.chasqui.core.definition.QueueDefinition;
import io.chasqui.core.definition.QueueType;
import io.chasqui.core.policy.EffectivePolicy;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.queue.QueueOrder;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.server.definitions.JsonValues;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A queue as it is told of; always on its shard. */
final class QueueView {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxxx", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final NodeFacts node;
    private final Sampler sampler;

    QueueView(NodeFacts node, Sampler sampler) {
        this.node = node;
        this.sampler = sampler;
    }

    /** What it was declared as. */
    Map<String, @Nullable Object> defined(VirtualHost vhost, Queue queue) {
        QueueDefinition definition = queue.definition();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("name", queue.name());
        fields.put("vhost", vhost.name());
        fields.put("type", definition.arguments().text("x-queue-type").orElse("classic"));
        fields.put("durable", definition.durable());
        fields.put("auto_delete", definition.autoDelete());
        fields.put("exclusive", definition.exclusive());
        fields.put("arguments", JsonValues.json(definition.arguments()));
        fields.put("node", node.name());
        fields.put("state", "running");
        EffectivePolicy policy = vhost.policies().of(queue);
        fields.put("policy", policy.policyName());
        fields.put("operator_policy", policy.operatorPolicyName());
        fields.put("effective_policy_definition", JsonValues.json(policy.definition()));
        fields.put("internal", false);
        fields.put("internal_owner", false);
        if (QueueType.of(definition.arguments()) == QueueType.QUORUM) {
            addCopies(fields);
        }
        return fields;
    }

    /** Of a quorum queue: there is one copy of it. */
    private void addCopies(Map<String, @Nullable Object> fields) {
        fields.put("leader", node.name());
        fields.put("members", List.of(node.name()));
        fields.put("online", List.of(node.name()));
    }

    /** With how many messages it holds. */
    Map<String, @Nullable Object> counted(VirtualHost vhost, Queue queue) {
        Map<String, @Nullable Object> fields = defined(vhost, queue);
        fields.put("messages", queue.ready() + queue.unacked());
        fields.put("messages_ready", queue.ready());
        fields.put("messages_unacknowledged", queue.unacked());
        return fields;
    }

    /** With all that is known of it. */
    Map<String, @Nullable Object> whole(VirtualHost vhost, Queue queue, Past lengths, Past rates) {
        Map<String, @Nullable Object> fields = defined(vhost, queue);
        fields.put("consumers", queue.consumers());
        sampler.totals(queue).tell(fields, lengths);
        addBytes(fields, queue.index());
        Map<String, @Nullable Object> stats = sampler.publishes(queue).told(rates);
        sampler.deliveries(queue).tell(stats, rates);
        fields.put("message_stats", stats);
        fields.put("exclusive_consumer_tag", queue.exclusiveConsumerTag());
        fields.put("single_active_consumer_tag", queue.singleActiveConsumerTag());
        Long idleSinceMs = sampler.idleSinceMs(queue, queue.shard());
        if (idleSinceMs != null) {
            fields.put("idle_since", time(idleSinceMs));
        }
        return fields;
    }

    private static void addBytes(Map<String, @Nullable Object> fields, QueueOrder order) {
        fields.put("message_bytes", order.readyBytes() + order.unackedBytes());
        fields.put("message_bytes_ready", order.readyBytes());
        fields.put("message_bytes_unacknowledged", order.unackedBytes());
    }

    static String time(long wallMs) {
        return TIME.format(Instant.ofEpochMilli(wallMs));
    }
}
