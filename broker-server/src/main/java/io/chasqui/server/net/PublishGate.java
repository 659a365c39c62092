package io.chasqui.server.net;

import io.chasqui.core.Alarms;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.session.ClientReport;
import io.chasqui.core.shard.Shard;

/**
 * Holds a publishing connection back: while an alarm stops publishers, of which the client is told
 * (RabbitMQ's connection.blocked), and while the log has to catch up, of which it notices by TCP
 * alone. A connection that only consumes is never held back.
 */
public final class PublishGate {

    private final Client client;
    private final ReadGate gate;
    private final Shard shard;
    private final Alarms alarms;
    private final MessageStore store;
    private final Runnable uncongested;
    private boolean publishes;
    private boolean told;

    /** How a client hears that it may not publish just now, if it can. */
    public interface Client {

        void blocked(String reason);

        void unblocked();
    }

    public PublishGate(
            Client client, ReadGate gate, Shard shard, Alarms alarms, MessageStore store) {
        this.client = client;
        this.gate = gate;
        this.shard = shard;
        this.alarms = alarms;
        this.store = store;
        this.uncongested = () -> gate.open(ReadGate.Reason.STORE_CONGESTED);
    }

    /** Whether the publish that came must wait; nothing is read then until it may go on. */
    public boolean holds() {
        publishes = true;
        if (alarms.publishersBlocked()) {
            gate.close(ReadGate.Reason.PUBLISHERS_BLOCKED);
            tell();
            return true;
        }
        if (store.congested()) {
            gate.close(ReadGate.Reason.STORE_CONGESTED);
            shard.whenUncongested(uncongested);
            return true;
        }
        return false;
    }

    /** The same for a commit; one of acknowledgements alone is never held up. */
    public boolean holdsCommit() {
        return publishes && holds();
    }

    /** Whether the connection may publish just now, as RabbitMQ tells it. */
    public ClientReport.State state() {
        if (!alarms.publishersBlocked()) {
            return ClientReport.State.RUNNING;
        }
        return gate.isClosedFor(ReadGate.Reason.PUBLISHERS_BLOCKED)
                ? ClientReport.State.BLOCKED
                : ClientReport.State.BLOCKING;
    }

    public void alarmsChanged(boolean publishersBlocked) {
        if (publishersBlocked) {
            if (publishes) {
                tell();
            }
            return;
        }
        if (told) {
            told = false;
            client.unblocked();
        }
        gate.open(ReadGate.Reason.PUBLISHERS_BLOCKED);
    }

    private void tell() {
        if (!told) {
            told = true;
            client.blocked(alarms.reason());
        }
    }
}
