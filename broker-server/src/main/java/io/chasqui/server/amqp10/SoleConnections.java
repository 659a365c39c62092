package io.chasqui.server.amqp10;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.jspecify.annotations.Nullable;

/**
 * Which containers are connected to which virtual host, and which of them insist on one connection
 * (AMQP Enforcing Connection Uniqueness 1.0). Detection is strong: the connections of those who do not
 * insist count as well. Any thread.
 */
public final class SoleConnections {

    static final Symbol CAPABILITY = Symbol.valueOf("sole-connection-for-container");
    static final Symbol ENFORCEMENT = Symbol.valueOf("sole-connection-enforcement-policy");
    static final Symbol DETECTION = Symbol.valueOf("sole-connection-detection-policy");
    static final UnsignedInteger STRONG = UnsignedInteger.ZERO;

    private final Map<Container, List<Held>> containers = new HashMap<>();

    /** What happens when a container connects that is connected already. */
    enum Policy {
        /** The new connection is refused. */
        REFUSE,
        /** The new connection takes the place of the others. */
        CLOSE_EXISTING;

        /** As the wire has it. */
        UnsignedInteger code() {
            return UnsignedInteger.valueOf(ordinal());
        }
    }

    private record Container(String vhost, String id) {}

    private record Held(@Nullable Policy policy, Runnable close) {}

    /** A connection's place among those of its container. */
    final class Claim {

        private final Container container;
        private final Held held;

        private Claim(Container container, Held held) {
            this.container = container;
            this.held = held;
        }

        /** The connection is no more. */
        void release() {
            synchronized (containers) {
                List<Held> others = containers.get(container);
                if (others != null && others.remove(held) && others.isEmpty()) {
                    containers.remove(container);
                }
            }
        }
    }

    /**
     * What a client asks for as it opens. The capability alone is not enough: Qpid JMS desires it
     * of every broker, for every client-id, and goes on where nothing is enforced.
     */
    static Optional<Policy> asked(Symbol @Nullable [] desired, @Nullable Map<?, ?> properties) {
        if (desired == null || !Arrays.asList(desired).contains(CAPABILITY)) {
            return Optional.empty();
        }
        Object policy = properties == null ? null : properties.get(ENFORCEMENT);
        if (policy == null) {
            return Optional.empty();
        }
        return Optional.of(
                Policy.CLOSE_EXISTING.code().equals(policy)
                        ? Policy.CLOSE_EXISTING
                        : Policy.REFUSE);
    }

    /**
     * A container connects.
     *
     * @param close closes this connection, when another is to take its place; called on any thread
     * @throws Amqp10Error if it may not
     */
    Claim enter(String vhost, String id, Optional<Policy> asked, Runnable close) {
        Container container = new Container(vhost, id);
        Held held = new Held(asked.orElse(null), close);
        List<Held> replaced = List.of();
        synchronized (containers) {
            List<Held> others = containers.computeIfAbsent(container, _ -> new ArrayList<>());
            Policy policy = governing(others, held);
            if (policy == Policy.REFUSE) {
                throw Amqp10Error.connection(
                                Amqp10Error.INVALID_FIELD,
                                "container '" + id + "' is connected already")
                        .with("invalid-field", Symbol.valueOf("container-id"));
            }
            if (policy == Policy.CLOSE_EXISTING) {
                replaced = List.copyOf(others);
                others.clear();
            }
            others.add(held);
        }
        replaced.forEach(each -> each.close.run());
        return new Claim(container, held);
    }

    /** Whose wish counts: who was first has the say; null if there is nothing to decide. */
    private static @Nullable Policy governing(List<Held> others, Held held) {
        if (others.isEmpty()) {
            return null;
        }
        for (Held other : others) {
            if (other.policy != null) {
                return other.policy;
            }
        }
        return held.policy;
    }

    /** Why a connection is closed whose place another takes. */
    static Amqp10Error replaced() {
        return Amqp10Error.connection(
                        Amqp10Error.RESOURCE_LOCKED, "the container has connected once more")
                .with("sole-connection-enforcement", true);
    }
}
