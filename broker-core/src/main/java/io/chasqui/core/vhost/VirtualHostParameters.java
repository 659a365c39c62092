package io.chasqui.core.vhost;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.DefinitionChange.ParameterCleared;
import io.chasqui.core.definition.DefinitionChange.ParameterSet;
import io.chasqui.core.definition.ParameterDefinition;
import io.chasqui.core.policy.Limit;
import io.chasqui.core.policy.Parameters;
import io.chasqui.core.refusal.Refusal;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The parameters of a virtual host, its limits among them. Any thread. */
public final class VirtualHostParameters {

    /** RabbitMQ keeps all limits of a virtual host in one parameter, of this component and name. */
    public static final String LIMITS_COMPONENT = "vhost-limits";

    private static final String LIMITS = "limits";

    private final Definitions definitions;
    private final Parameters parameters;

    VirtualHostParameters(Definitions definitions, Parameters parameters) {
        this.definitions = definitions;
        this.parameters = parameters;
    }

    /** A snapshot, ordered by component and name. */
    public List<ParameterDefinition> all() {
        return parameters.all();
    }

    public @Nullable ParameterDefinition find(String component, String name) {
        return parameters.find(component, name);
    }

    /** Puts a parameter in place that has been checked. */
    public Changed set(ParameterDefinition parameter) {
        return definitions.locked(() -> {
            boolean created = find(parameter.component(), parameter.name()) == null;
            ParameterSet change = new ParameterSet(definitions.vhost(), parameter);
            return new Changed(created, definitions.commit(change, true));
        });
    }

    /**
     * Takes a parameter away.
     *
     * @return the log position that must be durable before anybody is told
     * @throws Refusal.NotFound if there is none
     */
    public long clear(String component, String name) {
        return definitions.locked(() -> {
            if (find(component, name) == null) {
                throw new Refusal.NotFound(
                        "no parameter '"
                                + name
                                + "' of component '"
                                + component
                                + "' in vhost '"
                                + definitions.vhost()
                                + "'");
            }
            return definitions.commit(
                    new ParameterCleared(definitions.vhost(), component, name), true);
        });
    }

    /** The limits as they are set, by RabbitMQ's names. */
    public Arguments limits() {
        ParameterDefinition known = find(LIMITS_COMPONENT, LIMITS);
        return known == null ? Arguments.EMPTY : known.table();
    }

    /** Whether there are limits, or were any since they were cleared as a whole. */
    public boolean hasLimits() {
        return find(LIMITS_COMPONENT, LIMITS) != null;
    }

    /** How many there may be; none for any number. */
    public OptionalLong limit(Limit limit) {
        return limit.in(limits());
    }

    /**
     * Sets one limit; a negative one bounds nothing.
     *
     * @param value an integer
     * @return the log position that must be durable before anybody is told
     * @throws Refusal.PreconditionFailed with RabbitMQ's text for anything else
     */
    public long setLimit(String name, @Nullable Object value) {
        return changeLimits(limits -> limits.with(name, value));
    }

    /** Takes one limit away, if it is there; as in RabbitMQ what is left is set, if it is nothing. */
    public long clearLimit(String name) {
        return changeLimits(limits -> limits.without(name));
    }

    private long changeLimits(UnaryOperator<Arguments> change) {
        return definitions.locked(() -> {
            Arguments now = limits();
            Arguments next = change.apply(now);
            if (next.equals(now)) {
                return definitions.position(true);
            }
            Limit.checkVirtualHost(next);
            return definitions.commit(
                    new ParameterSet(
                            definitions.vhost(),
                            ParameterDefinition.of(LIMITS_COMPONENT, LIMITS, next.asMap())),
                    true);
        });
    }
}
