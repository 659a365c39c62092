package io.chasqui.core.event;

import io.chasqui.core.definition.BindingDefinition;
import io.chasqui.core.definition.DefinitionChange;
import io.chasqui.core.definition.DefinitionChange.BindingAdded;
import io.chasqui.core.definition.DefinitionChange.BindingRemoved;
import io.chasqui.core.definition.DefinitionChange.ExchangeDeclared;
import io.chasqui.core.definition.DefinitionChange.ExchangeDeleted;
import io.chasqui.core.definition.DefinitionChange.ParameterCleared;
import io.chasqui.core.definition.DefinitionChange.ParameterSet;
import io.chasqui.core.definition.DefinitionChange.PermissionCleared;
import io.chasqui.core.definition.DefinitionChange.PermissionSet;
import io.chasqui.core.definition.DefinitionChange.PolicyCleared;
import io.chasqui.core.definition.DefinitionChange.PolicySet;
import io.chasqui.core.definition.DefinitionChange.QueueDeclared;
import io.chasqui.core.definition.DefinitionChange.QueueDeleted;
import io.chasqui.core.definition.DefinitionChange.TopicPermissionCleared;
import io.chasqui.core.definition.DefinitionChange.TopicPermissionSet;
import io.chasqui.core.definition.DefinitionChange.UserDeleted;
import io.chasqui.core.definition.DefinitionChange.UserLimitsSet;
import io.chasqui.core.definition.DefinitionChange.UserPut;
import io.chasqui.core.definition.DefinitionChange.VirtualHostAdded;
import io.chasqui.core.definition.DefinitionChange.VirtualHostDeleted;
import io.chasqui.core.definition.DefinitionChange.VirtualHostDescribed;
import io.chasqui.core.definition.ExchangeDefinition;
import io.chasqui.core.definition.ParameterDefinition;
import io.chasqui.core.definition.PermissionDefinition;
import io.chasqui.core.definition.PolicyDefinition;
import io.chasqui.core.definition.QueueDefinition;
import io.chasqui.core.definition.TopicPermissionDefinition;
import io.chasqui.core.definition.UserDefinition;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What a change of the definitions is called as an event of RabbitMQ's, and what it tells. */
final class DefinitionEvents {

    private static final String VHOST_LIMITS = "vhost-limits";

    private DefinitionEvents() {}

    /** The fields of one event, in order. */
    private static final class Fields {
        final Map<String, @Nullable Object> all = new LinkedHashMap<>();

        static Fields of(String name, Object value) {
            return new Fields().and(name, value);
        }

        Fields and(String name, @Nullable Object value) {
            all.put(name, value);
            return this;
        }
    }

    static void tell(
            DefinitionChange change,
            boolean replaces,
            BiConsumer<String, Map<String, @Nullable Object>> events) {
        String vhost = change.vhost();
        switch (change) {
            case VirtualHostAdded _ -> tell("vhost.created", Fields.of("name", vhost), events);
            case VirtualHostDescribed described ->
                    tell(
                            "vhost.tags.set",
                            Fields.of("name", vhost).and("tags", described.description().tags()),
                            events);
            case VirtualHostDeleted _ -> tell("vhost.deleted", Fields.of("name", vhost), events);
            case ExchangeDeclared declared ->
                    tell("exchange.created", exchange(vhost, declared.exchange()), events);
            case ExchangeDeleted deleted ->
                    tell("exchange.deleted", named(deleted.exchange(), vhost), events);
            case QueueDeclared declared ->
                    tell("queue.created", queue(vhost, declared.queue()), events);
            case QueueDeleted deleted ->
                    tell("queue.deleted", named(deleted.queue(), vhost), events);
            case BindingAdded added ->
                    tell("binding.created", binding(vhost, added.binding()), events);
            case BindingRemoved removed ->
                    tell("binding.deleted", binding(vhost, removed.binding()), events);
            case UserPut put -> tell(put.user(), replaces, events);
            case UserDeleted deleted ->
                    tell("user.deleted", Fields.of("name", deleted.user()), events);
            case PermissionSet set ->
                    tell("permission.created", permission(vhost, set.permission()), events);
            case PermissionCleared cleared ->
                    tell("permission.deleted", ofUser(cleared.user(), vhost), events);
            case TopicPermissionSet set ->
                    tell("topic.permission.created", permission(vhost, set.permission()), events);
            case TopicPermissionCleared cleared ->
                    tell(
                            "topic.permission.deleted",
                            ofUser(cleared.user(), vhost).and("exchange", cleared.exchange()),
                            events);
            case UserLimitsSet set ->
                    tell(
                            set.limits().isEmpty() ? "user.limits.cleared" : "user.limits.set",
                            Fields.of("name", set.user()).and("limits", set.limits().asMap()),
                            events);
            case PolicySet set -> tell("policy.set", policy(vhost, set.policy()), events);
            case PolicyCleared cleared ->
                    tell("policy.cleared", named(cleared.policy(), vhost), events);
            case ParameterSet set -> tell(vhost, set.parameter(), events);
            case ParameterCleared cleared when cleared.component().equals(VHOST_LIMITS) ->
                    tell("vhost.limits.cleared", Fields.of("name", vhost), events);
            case ParameterCleared cleared ->
                    tell(
                            "parameter.cleared",
                            named(cleared.parameter(), vhost).and("component", cleared.component()),
                            events);
        }
    }

    private static void tell(
            String key, Fields fields, BiConsumer<String, Map<String, @Nullable Object>> events) {
        events.accept(key, fields.all);
    }

    /** To put a user is to make one, or to give one another password, and to set the tags. */
    private static void tell(
            UserDefinition user,
            boolean replaces,
            BiConsumer<String, Map<String, @Nullable Object>> events) {
        tell(
                replaces ? "user.password.changed" : "user.created",
                Fields.of("name", user.name()),
                events);
        tell("user.tags.set", Fields.of("name", user.name()).and("tags", user.tags()), events);
    }

    private static void tell(
            String vhost,
            ParameterDefinition parameter,
            BiConsumer<String, Map<String, @Nullable Object>> events) {
        if (parameter.component().equals(VHOST_LIMITS)) {
            tell(
                    "vhost.limits.set",
                    Fields.of("name", vhost).and("limits", parameter.table().asMap()),
                    events);
        } else {
            tell(
                    "parameter.set",
                    named(parameter.name(), vhost)
                            .and("component", parameter.component())
                            .and("value", parameter.value()),
                    events);
        }
    }

    private static Fields named(String name, String vhost) {
        return Fields.of("name", name).and("vhost", vhost);
    }

    private static Fields ofUser(String user, String vhost) {
        return Fields.of("user", user).and("vhost", vhost);
    }

    private static Fields exchange(String vhost, ExchangeDefinition exchange) {
        return named(exchange.name(), vhost)
                .and("type", exchange.type().wireName())
                .and("durable", exchange.durable())
                .and("auto_delete", exchange.autoDelete())
                .and("internal", exchange.internal())
                .and("arguments", exchange.arguments().asMap());
    }

    private static Fields queue(String vhost, QueueDefinition queue) {
        return named(queue.name(), vhost)
                .and("durable", queue.durable())
                .and("auto_delete", queue.autoDelete())
                .and("exclusive", queue.exclusive())
                .and("arguments", queue.arguments().asMap());
    }

    private static Fields binding(String vhost, BindingDefinition binding) {
        return Fields.of("source_name", binding.source())
                .and("source_kind", "exchange")
                .and("destination_name", binding.destination())
                .and("destination_kind", binding.kind().name().toLowerCase(Locale.ROOT))
                .and("routing_key", binding.routingKey())
                .and("vhost", vhost)
                .and("arguments", binding.arguments().asMap());
    }

    private static Fields permission(String vhost, PermissionDefinition permission) {
        return ofUser(permission.user(), vhost)
                .and("configure", permission.configure())
                .and("write", permission.write())
                .and("read", permission.read());
    }

    private static Fields permission(String vhost, TopicPermissionDefinition permission) {
        return ofUser(permission.user(), vhost)
                .and("exchange", permission.exchange())
                .and("write", permission.write())
                .and("read", permission.read());
    }

    private static Fields policy(String vhost, PolicyDefinition policy) {
        return named(policy.name(), vhost)
                .and("pattern", policy.pattern())
                .and("apply-to", policy.applyTo().wireName())
                .and("priority", policy.priority())
                .and("definition", policy.definition().asMap());
    }
}
