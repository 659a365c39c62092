package io.chasqui.server.definitions;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.ParameterDefinition;
import io.chasqui.core.definition.PolicyDefinition;
import io.chasqui.core.definition.PolicyKind;
import io.chasqui.core.definition.QueueDeclaration;
import io.chasqui.core.policy.Limit;
import io.chasqui.core.policy.PolicyRules;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.core.vhost.VirtualHostParameters;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes what a definitions file has of one virtual host; each answers with a log position. */
final class VirtualHostImport {

    private static final Logger LOG = LoggerFactory.getLogger(VirtualHostImport.class);

    /** Operators' policies are parameters of this component in RabbitMQ. */
    private static final String OPERATOR_POLICY = "operator_policy";

    /** Begins the keys of policies that have had no effect since RabbitMQ 4. */
    private static final String MIRRORING = "ha-";

    private static final String QUEUE_MASTER_LOCATOR = "queue-master-locator";

    private final VirtualHost vhost;

    VirtualHostImport(VirtualHost vhost) {
        this.vhost = vhost;
    }

    /** Also of components that are not offered here, so that nothing is lost on the way back. */
    long parameter(Fields fields) {
        String component = fields.text("component");
        String name = fields.text("name");
        if (component.equals(OPERATOR_POLICY) && fields.get("value") instanceof Map<?, ?> value) {
            return policy(PolicyKind.OPERATOR, name, value);
        }
        ParameterDefinition parameter =
                ParameterDefinition.of(component, name, JsonValues.plain(fields.get("value")));
        if (parameter.equals(vhost.parameters().find(component, name))) {
            return 0;
        }
        String where =
                " (vhost: \"%s\" / component: \"%s\" / key: \"%s\")"
                        .formatted(vhost.name(), component, name);
        return saying(
                "",
                where,
                () -> {
                    if (component.equals(VirtualHostParameters.LIMITS_COMPONENT)) {
                        Limit.checkVirtualHost(parameter.table());
                    }
                    return vhost.parameters().set(parameter).position();
                });
    }

    long policy(Fields fields) {
        return policy(PolicyKind.USER, fields.text("name"), fields.object());
    }

    private long policy(PolicyKind kind, String name, Map<?, ?> fields) {
        Map<String, @Nullable Object> plain = new LinkedHashMap<>(JsonValues.table(fields).asMap());
        if (plain.get("definition") instanceof Map<?, ?> definition) {
            Arguments known = withoutMirroring(name, definition);
            if (known.isEmpty() && !definition.isEmpty()) {
                return 0;
            }
            plain.put("definition", known.asMap());
        }
        String where = " (vhost: \"%s\" key: \"%s\")".formatted(vhost.name(), name);
        return saying(
                "",
                where,
                () -> {
                    PolicyDefinition policy = PolicyRules.policy(kind, name, plain);
                    return vhost.policies().set(policy).position();
                });
    }

    private Arguments withoutMirroring(String policy, Map<?, ?> definition) {
        Map<String, @Nullable Object> known = new LinkedHashMap<>();
        definition.forEach((key, value) -> {
            String name = String.valueOf(key);
            if (name.startsWith(MIRRORING) || name.equals(QUEUE_MASTER_LOCATOR)) {
                LOG.warn(
                        "key '{}' of policy '{}' in vhost '{}' is left out: RabbitMQ 4 has it no"
                                + " more",
                        name,
                        policy,
                        vhost.name());
            } else {
                known.put(name, value);
            }
        });
        return Arguments.of(known);
    }

    /** Names that only the broker may give are left out, as in RabbitMQ. */
    long exchange(Fields fields) {
        String name = fields.text("name");
        if (isReserved(name) || vhost.exchange(name) != null) {
            return 0;
        }
        return saying(
                "precondition_failed: ",
                "",
                () ->
                        vhost.declareExchange(
                                name,
                                fields.text("type"),
                                fields.flag("durable", true),
                                fields.flag("auto_delete", false),
                                fields.flag("internal", false),
                                fields.table("arguments")));
    }

    long queue(Fields fields) {
        String name = fields.text("name");
        if (isReserved(name) || vhost.queue(name) != null) {
            return 0;
        }
        Arguments arguments = fields.table("arguments");
        if (!arguments.contains("x-queue-type") && fields.get("type") instanceof String type) {
            arguments = arguments.with("x-queue-type", type);
        }
        QueueDeclaration declaration =
                new QueueDeclaration(
                        name,
                        fields.flag("durable", true),
                        false,
                        fields.flag("auto_delete", false),
                        arguments);
        return saying(
                "precondition_failed: ", "", () -> vhost.declareQueue(declaration, 0).position());
    }

    private static boolean isReserved(String name) {
        return name.isEmpty() || name.startsWith("amq.");
    }

    /** Every queue is bound to the default exchange anyway, so that is left out. */
    long binding(Fields fields) {
        String source = fields.text("source");
        String destination = fields.text("destination");
        String key = fields.text("routing_key", "");
        Arguments arguments = fields.table("arguments");
        if (source.isEmpty()) {
            return 0;
        }
        return saying(
                "",
                "",
                () ->
                        switch (fields.text("destination_type")) {
                            case "queue" -> vhost.bindQueue(destination, source, key, arguments, 0);
                            case "exchange" ->
                                    vhost.bindExchange(destination, source, key, arguments);
                            default -> throw fields.wrong("destination_type");
                        });
    }

    /** Says what was refused with more around it. */
    private static long saying(String before, String after, LongSupplier change) {
        try {
            return change.getAsLong();
        } catch (Refusal refusal) {
            throw new Refusal.PreconditionFailed(before + refusal.text() + after);
        }
    }
}
