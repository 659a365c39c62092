package io.chasqui.server.amqp091;

import io.chasqui.core.Alarms;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.session.ClientReport;
import io.chasqui.core.shard.Shard;
import io.chasqui.protocol.amqp091.ConnectionMethod;

/**
 * Holds a publishing connection back: while an alarm stops publishers, of which the client is told
 * (RabbitMQ's connection.blocked), and while the log has to catch up, of which it notices by TCP
 * alone. A connection that only consumes is never held back.
 */
final class PublishGate {

    private final OutputBuffer output;
    private final ReadGate gate;
    private final Shard shard;
    private final Alarms alarms;
    private final MessageStore store;
    private final Runnable uncongested;
    private final boolean canBeTold;
    private boolean publishes;
    private boolean told;

    /**
     * @param canBeTold whether the client understands connection.blocked
     */
    PublishGate(
            OutputBuffer output,
            ReadGate gate,
            Shard shard,
            Alarms alarms,
            MessageStore store,
            boolean canBeTold) {
        this.output = output;
        this.gate = gate;
        this.shard = shard;
        this.alarms = alarms;
        this.store = store;
        this.canBeTold = canBeTold;
        this.uncongested = () -> gate.open(ReadGate.Reason.STORE_CONGESTED);
    }

    /** Whether the publish that came must wait; nothing is read then until it may go on. */
    boolean holds() {
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
    boolean holdsCommit() {
        return publishes && holds();
    }

    /** Whether the connection may publish just now, as RabbitMQ tells it. */
    ClientReport.State state() {
        if (!alarms.publishersBlocked()) {
            return ClientReport.State.RUNNING;
        }
        return gate.isClosedFor(ReadGate.Reason.PUBLISHERS_BLOCKED)
                ? ClientReport.State.BLOCKED
                : ClientReport.State.BLOCKING;
    }

    void alarmsChanged(boolean publishersBlocked) {
        if (publishersBlocked) {
            if (publishes) {
                tell();
            }
            return;
        }
        if (told) {
            told = false;
            output.method(0, new ConnectionMethod.Unblocked());
        }
        gate.open(ReadGate.Reason.PUBLISHERS_BLOCKED);
    }

    private void tell() {
        if (canBeTold && !told) {
            told = true;
            output.method(0, new ConnectionMethod.Blocked(alarms.reason()));
        }
    }
}
