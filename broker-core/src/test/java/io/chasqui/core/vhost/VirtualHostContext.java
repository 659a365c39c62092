package io.chasqui.core.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.DefinitionChange;
import io.chasqui.core.definition.DefinitionCodec;
import io.chasqui.core.definition.DefinitionListener;
import io.chasqui.core.definition.QueueDeclaration;
import io.chasqui.core.definition.QueueDefinition;
import io.chasqui.core.definition.QueueType;
import io.chasqui.core.exchange.BareQueues;
import io.chasqui.core.exchange.KeyOnly;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.queue.QueueSettings;
import io.chasqui.core.refusal.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A virtual host called / with bare queues, what it recorded, and shorter ways to say things. */
final class VirtualHostContext {

    static final long ME = 1;
    static final long ANOTHER = 2;

    /** What would be in the log; the position of a record is its number here, from 1. */
    final List<DefinitionChange> recorded = new ArrayList<>();

    /** What each queue was last given. */
    final Map<String, QueueSettings> settings = new HashMap<>();

    final VirtualHost vhost;
    private final AtomicLong queueIds = new AtomicLong();

    VirtualHostContext() {
        vhost =
                new VirtualHost(
                        "/",
                        change -> {
                            recorded.add(DefinitionCodec.decode(DefinitionCodec.encode(change)));
                            return recorded.size();
                        },
                        new QueueFactory() {
                            @Override
                            public Queue create(
                                    VirtualHost in,
                                    QueueDefinition definition,
                                    QueueSettings given,
                                    long owner) {
                                settings.put(definition.name(), given);
                                return BareQueues.of(definition, owner);
                            }

                            @Override
                            public void apply(Queue queue, QueueSettings given) {
                                settings.put(queue.name(), given);
                            }
                        },
                        queueIds::incrementAndGet,
                        new Random(1),
                        QueueType.CLASSIC,
                        DefinitionListener.NONE);
    }

    /** Another virtual host after boot from what this one recorded. */
    VirtualHostContext rebooted() {
        VirtualHostContext context = new VirtualHostContext();
        recorded.forEach(context.vhost::replay);
        return context;
    }

    static QueueDeclaration durable(String name) {
        return new QueueDeclaration(name, true, false, false, Arguments.EMPTY);
    }

    static QueueDeclaration transientQueue(String name) {
        return new QueueDeclaration(name, false, false, false, Arguments.EMPTY);
    }

    static QueueDeclaration exclusive(String name) {
        return new QueueDeclaration(name, false, true, false, Arguments.EMPTY);
    }

    Queue declare(QueueDeclaration declaration) {
        return vhost.declareQueue(declaration, ME).queue();
    }

    long exchange(String name, String type, boolean durable) {
        return vhost.declareExchange(name, type, durable, false, false, Arguments.EMPTY);
    }

    long autoDeleteExchange(String name, boolean durable) {
        return vhost.declareExchange(name, "direct", durable, true, false, Arguments.EMPTY);
    }

    long bind(String queue, String exchange, String key) {
        return vhost.bindQueue(queue, exchange, key, Arguments.EMPTY, ME);
    }

    long unbind(String queue, String exchange, String key) {
        return vhost.unbindQueue(queue, exchange, key, Arguments.EMPTY, ME);
    }

    long bindExchange(String destination, String source, String key) {
        return vhost.bindExchange(destination, source, key, Arguments.EMPTY);
    }

    long unbindExchange(String destination, String source, String key) {
        return vhost.unbindExchange(destination, source, key, Arguments.EMPTY);
    }

    void expectRoute(String exchange, String key, String... queues) {
        assertThat(BareQueues.names(vhost.routing().route(exchange, new KeyOnly(key))))
                .containsExactly(queues);
    }

    void expectNoExchange(String name) {
        assertThat(vhost.exchange(name)).isNull();
    }

    /** The durable state, in an order that does not depend on hashes. */
    List<String> durableState() {
        List<String> state = new ArrayList<>();
        vhost.forEachChange(change -> state.add(change.toString()));
        state.sort(null);
        return state;
    }

    static void refused(Class<? extends Refusal> kind, String text, ThrowingCallable request) {
        assertThatThrownBy(request).isInstanceOf(kind).hasMessage(text);
    }
}
