package io.chasqui.server.definitions;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.definition.BindingDefinition;
import io.chasqui.core.definition.DestinationKind;
import io.chasqui.core.definition.ExchangeDefinition;
import io.chasqui.core.definition.ParameterDefinition;
import io.chasqui.core.definition.PermissionDefinition;
import io.chasqui.core.definition.PolicyDefinition;
import io.chasqui.core.definition.PolicyKind;
import io.chasqui.core.definition.QueueDefinition;
import io.chasqui.core.definition.QueueType;
import io.chasqui.core.definition.TopicPermissionDefinition;
import io.chasqui.core.definition.UserDefinition;
import io.chasqui.core.definition.VirtualHostDescription;
import io.chasqui.core.exchange.Exchange;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.vhost.VirtualHost;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is defined in a broker or in one virtual host, in the format of RabbitMQ's definitions files.
 * Left out are exclusive queues, which nobody but their connection can declare again, and what every
 * virtual host has anyway. Each list is of one moment, all together need not be.
 */
public final class DefinitionExport {

    /** The release of RabbitMQ whose format this is. */
    private static final String RABBITMQ_VERSION = "4.3.6";

    private static final String OPERATOR_POLICY = "operator_policy";

    private final Broker broker;
    private final String version;

    /**
     * @param version the broker's own
     */
    public DefinitionExport(Broker broker, String version) {
        this.broker = broker;
        this.version = version;
    }

    /** Everything. */
    public Map<String, @Nullable Object> all() {
        List<VirtualHost> vhosts =
                broker.vhosts().all().stream()
                        .sorted(Comparator.comparing(VirtualHost::name))
                        .toList();
        Map<String, @Nullable Object> all = head("cluster");
        all.put("users", users());
        all.put("vhosts", vhosts.stream().map(DefinitionExport::vhost).toList());
        all.put("permissions", ofEach(vhosts, this::permissions));
        all.put("topic_permissions", ofEach(vhosts, this::topicPermissions));
        all.put("parameters", ofEach(vhosts, DefinitionExport::parameters));
        all.put(
                "global_parameters",
                broker.administration().globalParameters().all().stream()
                        .map(each ->
                                map("name", each.name(), "value", JsonValues.json(each.value())))
                        .toList());
        all.put("policies", ofEach(vhosts, DefinitionExport::policies));
        all.put("queues", ofEach(vhosts, DefinitionExport::queues));
        all.put("exchanges", ofEach(vhosts, DefinitionExport::exchanges));
        all.put("bindings", ofEach(vhosts, DefinitionExport::bindings));
        return all;
    }

    /** What is in one virtual host, so that it can be imported into another. */
    public Map<String, @Nullable Object> of(VirtualHost vhost) {
        Map<String, @Nullable Object> all = head("single_virtual_host");
        all.put("original_vhost_name", vhost.name());
        all.put("description", vhost.description().description());
        all.put("metadata", metadata(vhost));
        all.put("limits", JsonValues.json(vhost.parameters().limits()));
        all.put("parameters", parameters(vhost));
        all.put("policies", policies(vhost));
        all.put("queues", queues(vhost));
        all.put("exchanges", exchanges(vhost));
        all.put("bindings", bindings(vhost));
        return all;
    }

    private Map<String, @Nullable Object> head(String format) {
        return map(
                "rabbit_version",
                RABBITMQ_VERSION,
                "rabbitmq_version",
                RABBITMQ_VERSION,
                "product_name",
                "Chasqui",
                "product_version",
                version,
                "rabbitmq_definition_format",
                format);
    }

    private interface Part {
        List<Map<String, @Nullable Object>> of(VirtualHost vhost);
    }

    /** The part of every virtual host, each entry with the name of its own. */
    private static List<Map<String, @Nullable Object>> ofEach(List<VirtualHost> vhosts, Part part) {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        for (VirtualHost vhost : vhosts) {
            for (Map<String, @Nullable Object> entry : part.of(vhost)) {
                entry.put("vhost", vhost.name());
                all.add(entry);
            }
        }
        return all;
    }

    private List<Map<String, @Nullable Object>> users() {
        return broker.accounts().users().stream()
                .sorted(Comparator.comparing(UserDefinition::name))
                .map(user ->
                        UserFields.of(user, JsonValues.json(broker.accounts().limits(user.name()))))
                .toList();
    }

    private static Map<String, @Nullable Object> vhost(VirtualHost vhost) {
        return map(
                "name",
                vhost.name(),
                "metadata",
                metadata(vhost),
                "limits",
                JsonValues.json(vhost.parameters().limits()));
    }

    private static Map<String, @Nullable Object> metadata(VirtualHost vhost) {
        VirtualHostDescription description = vhost.description();
        Map<String, @Nullable Object> fields =
                map(
                        "description",
                        description.description(),
                        "tags",
                        description.tags(),
                        "default_queue_type",
                        vhost.defaultQueueType().wireName());
        if (description.isProtected()) {
            fields.put("protected_from_deletion", true);
        }
        return fields;
    }

    private List<Map<String, @Nullable Object>> permissions(VirtualHost vhost) {
        return broker.accounts().permissionsIn(vhost.name()).stream()
                .sorted(Comparator.comparing(PermissionDefinition::user))
                .map(each ->
                        map(
                                "user",
                                each.user(),
                                "configure",
                                each.configure(),
                                "write",
                                each.write(),
                                "read",
                                each.read()))
                .toList();
    }

    private List<Map<String, @Nullable Object>> topicPermissions(VirtualHost vhost) {
        return broker.accounts().topicPermissions().in(vhost.name()).stream()
                .map(DefinitionExport::topicPermission)
                .toList();
    }

    private static Map<String, @Nullable Object> topicPermission(TopicPermissionDefinition each) {
        return map(
                "user",
                each.user(),
                "exchange",
                each.exchange(),
                "write",
                each.write(),
                "read",
                each.read());
    }

    /** Operators' policies stand among the parameters, where RabbitMQ keeps them. */
    private static List<Map<String, @Nullable Object>> parameters(VirtualHost vhost) {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        for (ParameterDefinition each : vhost.parameters().all()) {
            all.add(
                    map(
                            "component",
                            each.component(),
                            "name",
                            each.name(),
                            "value",
                            JsonValues.json(each.value())));
        }
        for (PolicyDefinition policy : vhost.policies().all(PolicyKind.OPERATOR)) {
            all.add(
                    map(
                            "component",
                            OPERATOR_POLICY,
                            "name",
                            policy.name(),
                            "value",
                            settings(policy)));
        }
        return all;
    }

    private static List<Map<String, @Nullable Object>> policies(VirtualHost vhost) {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        for (PolicyDefinition policy : vhost.policies().all(PolicyKind.USER)) {
            Map<String, @Nullable Object> fields = map("name", policy.name());
            fields.putAll(settings(policy));
            all.add(fields);
        }
        return all;
    }

    private static Map<String, @Nullable Object> settings(PolicyDefinition policy) {
        return map(
                "pattern",
                policy.pattern(),
                "apply-to",
                policy.applyTo().wireName(),
                "definition",
                JsonValues.json(policy.definition()),
                "priority",
                policy.priority());
    }

    private static List<Map<String, @Nullable Object>> queues(VirtualHost vhost) {
        return vhost.queues().stream()
                .map(Queue::definition)
                .filter(queue -> !queue.exclusive())
                .sorted(Comparator.comparing(QueueDefinition::name))
                .map(queue ->
                        map(
                                "name",
                                queue.name(),
                                "type",
                                QueueType.of(queue.arguments()).wireName(),
                                "durable",
                                queue.durable(),
                                "auto_delete",
                                queue.autoDelete(),
                                "arguments",
                                JsonValues.json(queue.arguments())))
                .toList();
    }

    private static List<Map<String, @Nullable Object>> exchanges(VirtualHost vhost) {
        return vhost.exchanges().stream()
                .map(Exchange::definition)
                .filter(exchange -> !isPredeclared(exchange.name()))
                .sorted(Comparator.comparing(ExchangeDefinition::name))
                .map(exchange ->
                        map(
                                "name",
                                exchange.name(),
                                "type",
                                exchange.type().wireName(),
                                "durable",
                                exchange.durable(),
                                "auto_delete",
                                exchange.autoDelete(),
                                "internal",
                                exchange.internal(),
                                "arguments",
                                JsonValues.json(exchange.arguments())))
                .toList();
    }

    private static boolean isPredeclared(String exchange) {
        return exchange.isEmpty() || exchange.startsWith("amq.");
    }

    private static List<Map<String, @Nullable Object>> bindings(VirtualHost vhost) {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        for (Exchange exchange : vhost.exchanges()) {
            if (!exchange.definition().name().isEmpty()) {
                for (BindingDefinition binding : exchange.bindings()) {
                    if (!isExclusive(vhost, binding)) {
                        all.add(binding(binding));
                    }
                }
            }
        }
        all.sort(Comparator.comparing(Object::toString));
        return all;
    }

    private static boolean isExclusive(VirtualHost vhost, BindingDefinition binding) {
        Queue queue =
                binding.kind() == DestinationKind.QUEUE ? vhost.queue(binding.destination()) : null;
        return queue != null && queue.definition().exclusive();
    }

    private static Map<String, @Nullable Object> binding(BindingDefinition binding) {
        return map(
                "source",
                binding.source(),
                "destination",
                binding.destination(),
                "destination_type",
                switch (binding.kind()) {
                    case QUEUE -> "queue";
                    case EXCHANGE -> "exchange";
                },
                "routing_key",
                binding.routingKey(),
                "arguments",
                JsonValues.json(binding.arguments()));
    }

    private static Map<String, @Nullable Object> map(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return map;
    }
}
