package io.chasqui.server.config;

import java.util.List;
import java.util.Optional;

/** The settings of what the broker says it is, and of its memory. */
final class ServerSettings {

    static final Setting<String> PRODUCT =
            new Setting<>(
                    "server.product",
                    Kind.text(),
                    "Chasqui",
                    "The product that clients are told of. A few programs want to hear RabbitMQ.");

    static final Setting<Optional<String>> VERSION =
            new Setting<>(
                    "server.version",
                    Kind.text().orAuto(),
                    "auto",
                    "The version that clients are told of. auto is that of this program. A few"
                            + " programs want to hear one of RabbitMQ's, such as 4.3.6.");

    static final Setting<Optional<String>> CLUSTER_NAME =
            new Setting<>(
                    "server.cluster-name",
                    Kind.text().orAuto(),
                    "auto",
                    "The name that clients and metrics are told. auto is chasqui@ and the name of"
                            + " the machine.");

    static final Setting<Optional<String>> NODE_NAME =
            new Setting<>(
                    "server.node-name",
                    Kind.text().orAuto(),
                    "auto",
                    "The name of this node in the management API, events and metrics. auto is"
                            + " chasqui@ and the name of the machine. A few programs want it to"
                            + " begin with rabbit@.");

    static final Setting<Optional<BrokerConfig.Watermark>> HIGH_WATERMARK =
            new Setting<>(
                    "memory.high-watermark",
                    Kind.watermark().orNone(),
                    "0.8",
                    "Memory in use above which publishers are blocked, until it is a tenth below:"
                            + " a part of what there is, or a size. What there is is the smaller of"
                            + " the memory of the machine or container, and the largest heap with"
                            + " the largest direct memory. The part counts for each of these two by"
                            + " itself as well.");

    static final List<Setting<?>> ALL =
            List.of(PRODUCT, VERSION, CLUSTER_NAME, NODE_NAME, HIGH_WATERMARK);

    private ServerSettings() {}
}
