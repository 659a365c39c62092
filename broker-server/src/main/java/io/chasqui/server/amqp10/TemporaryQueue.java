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
import org.jspecify.annotations.Nullable;

/**
 * The queue behind a dynamic node (1.0 §3.5.3): made for one link and deleted with it, exclusive to
 * its connection but for publishers.
 */
final class TemporaryQueue {

    /** The only lifetime that there is. */
    static final Map<Symbol, Object> PROPERTIES =
            Map.of(Symbol.valueOf("lifetime-policy"), DeleteOnClose.getInstance());

    private static final Reply<Long> NOBODY =
            new Reply<>() {
                @Override
                public void ok(Long messages) {}

                @Override
                public void refused(Refusal gone) {}
            };

    private final Session broker;
    private @Nullable String name;
    private boolean closed;

    TemporaryQueue(Session broker) {
        this.broker = broker;
    }

    /** Makes the queue; its name is told, or why there is none. */
    void create(Consumer<String> created, Consumer<Refusal> refused) {
        broker.declareQueue(
                new QueueDeclaration("", false, true, false, Arguments.EMPTY),
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
            broker.deleteQueue(made, false, false, NOBODY);
        } catch (Refusal _) {
            // Only because it is gone, or the right to delete it: the session's end takes it then.
        }
    }
}
