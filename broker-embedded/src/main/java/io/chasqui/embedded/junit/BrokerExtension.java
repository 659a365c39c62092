package io.chasqui.embedded.junit;

import io.chasqui.embedded.EmbeddedBroker;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Resolves parameters of type {@link EmbeddedBroker}; see {@link WithBroker}, without which the
 * broker is as {@link EmbeddedBroker#start} makes it.
 */
public final class BrokerExtension implements ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(BrokerExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == EmbeddedBroker.class;
    }

    /** The store closes what it holds when its context ends, and looks into its parents' first. */
    @Override
    public EmbeddedBroker resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(NAMESPACE)
                .computeIfAbsent(EmbeddedBroker.class, _ -> started(context), EmbeddedBroker.class);
    }

    private static EmbeddedBroker started(ExtensionContext context) {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder();
        nearest(context).ifPresent(asked -> apply(asked, builder));
        return builder.start();
    }

    private static void apply(WithBroker asked, EmbeddedBroker.Builder builder) {
        if (asked.onDisk()) {
            builder.inTemporaryDirectory();
        }
        if (asked.http()) {
            builder.withHttp();
        }
        for (String setting : asked.settings()) {
            int equals = setting.indexOf('=');
            if (equals < 0) {
                throw new ExtensionConfigurationException(
                        "a setting is KEY=VALUE, not '" + setting + "'");
            }
            builder.set(setting.substring(0, equals), setting.substring(equals + 1));
        }
    }

    /** The annotation of the method, its class, or a class around that. */
    private static Optional<WithBroker> nearest(ExtensionContext context) {
        return AnnotationSupport.findAnnotation(context.getElement(), WithBroker.class)
                .or(() -> context.getParent().flatMap(BrokerExtension::nearest));
    }
}
