package io.chasqui.core.session;

import io.chasqui.core.definition.ArgumentRules;
import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.Resource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log, once for each argument, that it was accepted and kept but does nothing in this
 * release. Shared by all sessions.
 */
public final class IneffectiveArguments {

    private static final Logger LOG = LoggerFactory.getLogger(IneffectiveArguments.class);

    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /** Looks at the arguments that something was declared with; returns those told of just now. */
    Set<String> note(Resource of, Arguments arguments) {
        if (arguments.isEmpty()) {
            return Set.of();
        }
        Set<String> fresh = ConcurrentHashMap.newKeySet();
        for (String name : ArgumentRules.notYetEffective(arguments)) {
            if (told.add(name)) {
                fresh.add(name);
                LOG.warn("argument '{}' has no effect yet; first seen on {}", name, of);
            }
        }
        return fresh;
    }
}
