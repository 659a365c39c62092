package io.chasqui.server.amqp10;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.QueueDeclaration;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.session.QueueStatus;
import io.chasqui.core.session.Reply;
import io.chasqui.core.session.Session;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.messaging.DeleteOnClose;
import org.apache.qpid.proton.amqp.messaging.LifetimePolicy;
import org.jspecify.annotations.Nullable;

/**
 * The queue behind a dynamic node (1.0 §3.5.3): made for one link and deleted with it (1.0 §3.5.10).
 * Whoever is told its address, and has the permissions, may use it, unless it is a temporary queue in
 * the sense of JMS: such a one is for its connection, but for publishers.
 */
final class TemporaryQueue {

    private static final Symbol LIFETIME = Symbol.valueOf("lifetime-policy");
    private static final Symbol MODES = Symbol.valueOf("supported-dist-modes");

    /** The only lifetime that there is. */
    static final Map<Symbol, Object> PROPERTIES = Map.of(LIFETIME, DeleteOnClose.getInstance());

    private static final Reply<Long> NOBODY =
            new Reply<>() {
                @Override
                public void ok(Long messages) {}

                @Override
                public void refused(Refusal gone) {}
            };

    private final Session broker;
    private final boolean exclusive;
    private @Nullable String name;
    private boolean closed;

    /**
     * @param exclusive whether only its connection receives from it
     */
    TemporaryQueue(Session broker, boolean exclusive) {
        this.broker = broker;
        this.exclusive = exclusive;
    }

    /**
     * Looks at what a client asks of a dynamic node (1.0 §3.5.9).
     *
     * @throws Amqp10Error if it is not of the types that it must be
     */
    static void check(@Nullable Map<?, ?> properties) {
        Object lifetime = properties == null ? null : properties.get(LIFETIME);
        Object modes = properties == null ? null : properties.get(MODES);
        if (!(lifetime == null || lifetime instanceof LifetimePolicy)) {
            throw Amqp10Error.link(
                    Amqp10Error.INVALID_FIELD, LIFETIME + " of a dynamic node is no such policy");
        }
        if (!(modes == null || modes instanceof Symbol || modes instanceof Symbol[])) {
            throw Amqp10Error.link(
                    Amqp10Error.INVALID_FIELD, MODES + " of a dynamic node are no symbols");
        }
    }

    /** Makes the queue, unless it is there; its name is told, or why there is none. */
    void create(Consumer<String> created, Consumer<Refusal> refused) {
        String made = name;
        if (made != null) {
            created.accept(made);
            return;
        }
        broker.queues()
                .declare(
                        new QueueDeclaration("", false, exclusive, false, Arguments.EMPTY),
                        new Reply<>() {
                            @Override
                            public void ok(QueueStatus status) {
                                name = status.name();
                                if (closed) {
                                    close();
                                } else {
                                    created.accept(status.name());
                                }
                            }

                            @Override
                            public void refused(Refusal refusal) {
                                if (!closed) {
                                    refused.accept(refusal);
                                }
                            }
                        });
    }

    /** Deletes it, once it is there. */
    void close() {
        closed = true;
        String made = name;
        if (made == null) {
            return;
        }
        name = null;
        try {
            broker.queues().delete(made, false, false, NOBODY);
        } catch (Refusal _) {
            // Only because it is gone, or the right to delete it: the session's end takes it then.
        }
    }
}
