package io.chasqui.server.management;

import io.chasqui.core.definition.ExchangeType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Lists of what there is in this broker, for tools that ask before they use it. */
final class Offered {

    /** RabbitMQ's names for what is built in here. */
    static final List<String> PLUGINS = List.of("rabbitmq_management", "rabbitmq_prometheus");

    /** What RabbitMQ lists when no plugin brings pages of its own; there are no pages here at all. */
    static final List<Map<String, Object>> EXTENSIONS =
            List.of(Map.of("javascript", "dispatcher.js"));

    private Offered() {}

    static List<Map<String, Object>> exchangeTypes() {
        return Arrays.stream(ExchangeType.values())
                .map(type -> entry(type.wireName(), type.wireName() + " exchange"))
                .toList();
    }

    static List<Map<String, Object>> mechanisms(NodeFacts node) {
        List<Map<String, Object>> mechanisms = new ArrayList<>();
        mechanisms.add(entry("PLAIN", "SASL PLAIN authentication mechanism"));
        mechanisms.add(entry("AMQPLAIN", "AMQPLAIN authentication mechanism"));
        if (node.isAnonymousOffered()) {
            mechanisms.add(entry("ANONYMOUS", "SASL ANONYMOUS authentication mechanism"));
        }
        if (node.isExternalOffered()) {
            mechanisms.add(entry("EXTERNAL", "SASL EXTERNAL authentication mechanism"));
        }
        return mechanisms;
    }

    private static Map<String, Object> entry(String name, String description) {
        return Map.of("name", name, "description", description, "enabled", true);
    }

    /** All that RabbitMQ requires; none can be switched here. */
    static List<Map<String, Object>> featureFlags() {
        return List.of(
                flag("detailed_queues_endpoint", "An endpoint for queues with all details"),
                flag("direct_exchange_routing_v2", "Direct exchanges route by a table"),
                flag("drop_unroutable_metric", "Dropped messages are counted"),
                flag("empty_basic_get_metric", "Empty basic.get are counted"),
                flag("implicit_default_bindings", "The default exchange needs no bindings"),
                flag("quorum_queue", "Queues of type quorum"),
                flag("message_containers", "Messages are kept in one format for all protocols"),
                flag("user_limits", "Limits of users"),
                flag("virtual_host_metadata", "Virtual hosts have descriptions and tags"));
    }

    private static Map<String, Object> flag(String name, String description) {
        return Map.of(
                "name", name,
                "desc", description,
                "doc_url", "",
                "state", "enabled",
                "stability", "required",
                "require_level", "hard",
                "experiment_level", "supported",
                "callbacks", List.of(),
                "provided_by", "chasqui");
    }

    /** What RabbitMQ means to take away, and here is there. */
    static List<Map<String, Object>> deprecatedFeatures() {
        return List.of(deprecated("global_qos"), deprecated("transient_nonexcl_queues"));
    }

    private static Map<String, Object> deprecated(String name) {
        return Map.of(
                "name", name,
                "state", "permitted",
                "desc", "",
                "deprecation_phase", "permitted_by_default",
                "doc_url", "",
                "provided_by", "chasqui");
    }
}
