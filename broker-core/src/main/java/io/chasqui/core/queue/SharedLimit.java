package io.chasqui.core.queue;

import java.util.ArrayDeque;

/**
 * How many messages the consumers of one channel may have out unsettled, all together (0-9-1
 * basic.qos with {@code global}). The consumers' queues may live on different shards, so every
 * message given out takes a place here first, and its settlement gives the place back.
 *
 * <p>A consumer that finds no place free waits in line. A place that comes free goes to the first in
 * line and to nobody else, or a queue on the settling shard would always be quicker than one that has
 * to be told. Who has no use for its place, because the messages went elsewhere meanwhile, gives it
 * back to the next.
 *
 * <p>A consumer with automatic acknowledgement waits for a free place and takes none, as in RabbitMQ.
 *
 * <p>Any shard, under the lock of this object, which is held for a few instructions. Channels that
 * never set a shared limit have none of these and pay nothing.
 */
public final class SharedLimit {

    private final ArrayDeque<QueueConsumer> line = new ArrayDeque<>();
    private int most;
    private int taken;

    /** How many messages may be out; 0 is no bound. */
    public synchronized int most() {
        return most;
    }

    /** Sets how many messages may be out; 0 is no bound. */
    public synchronized void set(int messages) {
        most = messages;
        serveLine();
    }

    /** Counts messages that were out before the limit came to be. */
    synchronized void inherit(int messages) {
        taken += messages;
    }

    /** Takes a place for one message; without a free one the consumer stands in line. */
    synchronized boolean take(QueueConsumer consumer) {
        if (isFree()) {
            occupy(consumer);
            return true;
        }
        if (!consumer.inLine) {
            consumer.inLine = true;
            line.add(consumer);
        }
        return false;
    }

    /** A message is settled, or a place was not used. */
    synchronized void giveBack() {
        taken--;
        serveLine();
    }

    private void serveLine() {
        while (!line.isEmpty() && isFree()) {
            QueueConsumer next = line.remove();
            next.inLine = false;
            occupy(next);
            next.itsTurn();
        }
    }

    private boolean isFree() {
        return most == 0 || taken < most;
    }

    private void occupy(QueueConsumer consumer) {
        if (!consumer.autoAck()) {
            taken++;
        }
    }
}
