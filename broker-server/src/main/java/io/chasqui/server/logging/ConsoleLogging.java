package io.chasqui.server.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.chasqui.server.config.BrokerConfig;

/**
 * The log until the configuration is known, and that of commands which have none. Installed by {@link
 * LogProvider}; in our own tests and benchmarks, which have no such entrance, Logback finds it as a
 * service. The jar offers no such service: whoever embeds the broker has a configuration of their own.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class ConsoleLogging extends ContextAwareBase implements Configurator {

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (Logging.isOverruled()) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        install(context);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    static void install(LoggerContext context) {
        Logging.install(context, BrokerConfig.Log.CONSOLE, Logging.console(context));
    }
}
