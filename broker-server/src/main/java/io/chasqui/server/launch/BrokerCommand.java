package io.chasqui.server.launch;

import picocli.CommandLine.Command;

/** {@code chasqui broker ...}. */
@Command(
        name = "broker",
        description = "The broker itself.",
        mixinStandardHelpOptions = true,
        subcommands = {BrokerStart.class, BrokerTrain.class},
        synopsisSubcommandLabel = "VERB")
public final class BrokerCommand {}
