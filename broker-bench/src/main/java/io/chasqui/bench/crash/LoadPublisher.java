package io.chasqui.bench.crash;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes with confirms at a steady rate, over one connection after the other.
 *
 * <p>What a dead broker left unconfirmed it forgets: it may have arrived or not, and is never
 * published again under the same number.
 */
final class LoadPublisher extends LoadClient {

    private static final int TRANSIENT = 1;
    private static final int PERSISTENT = 2;
    private static final long ROOM_PATIENCE_MS = 10;
    private static final long CONFIRM_PATIENCE_MS = 10_000;

    private final int number;
    private final CrashPlan plan;
    private final MessageMix mix;
    private final Ledger ledger;

    LoadPublisher(int number, CrashPlan plan, LoadTopology topology, Ledger ledger) {
        super("publisher-" + number, plan, ledger);
        this.number = number;
        this.plan = plan;
        this.mix = new MessageMix(plan, topology, number);
        this.ledger = ledger;
    }

    @Override
    void work(Connection connection, int life) throws IOException, InterruptedException {
        Channel channel = channelOf(connection, life);
        channel.confirmSelect();
        OpenConfirms open = new OpenConfirms(plan.window());
        channel.addConfirmListener(
                (tag, multiple) -> open.settle(tag, multiple, ledger::confirmed),
                (tag, multiple) -> open.settle(tag, multiple, ledger::nacked));
        long due = System.nanoTime();
        long between = TimeUnit.SECONDS.toNanos(1) / plan.ratePerSecond();
        while (!isStopping()) {
            if (open.awaitRoom(ROOM_PATIENCE_MS)) {
                publish(channel, open);
                due += between;
                LockSupport.parkNanos(due - System.nanoTime());
            } else {
                failIfClosed(channel);
            }
        }
        open.awaitEmpty(CONFIRM_PATIENCE_MS);
    }

    private static void failIfClosed(Channel channel) {
        ShutdownSignalException reason = channel.getCloseReason();
        if (reason != null) {
            throw reason;
        }
    }

    private void publish(Channel channel, OpenConfirms open) throws IOException {
        MessageMix.Next next = mix.next();
        MessageId id = ledger.publishing(number, next.route(), next.persistent());
        open.add(channel.getNextPublishSeqNo(), id);
        channel.basicPublish(
                next.route().exchange(),
                next.route().routingKey(),
                new AMQP.BasicProperties.Builder()
                        .deliveryMode(next.persistent() ? PERSISTENT : TRANSIENT)
                        .build(),
                MessageBody.of(id, next.bodyBytes()));
    }
}
