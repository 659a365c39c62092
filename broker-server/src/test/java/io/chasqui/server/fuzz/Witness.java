package io.chasqui.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A client that means well: it publishes one persistent message after the other, waits for each
 * confirm and each delivery, and notes how long the slowest took.
 */
final class Witness implements AutoCloseable {

    private static final String QUEUE = "witness";
    private static final long PATIENCE_MS = 20_000;

    private final Connection connection;
    private final Channel channel;
    private final BlockingQueue<Long> delivered = new ArrayBlockingQueue<>(1);
    private final CompletableFuture<Void> work;
    private volatile boolean stopping;
    private final AtomicLong rounds = new AtomicLong();
    private volatile long slowestNs;

    Witness(ConnectionFactory factory) throws Exception {
        connection = factory.newConnection();
        channel = connection.createChannel();
        channel.queueDeclare(QUEUE, true, false, false, null);
        channel.confirmSelect();
        channel.basicConsume(
                QUEUE,
                true,
                (_, message) -> delivered.add(ByteBuffer.wrap(message.getBody()).getLong()),
                _ -> {});
        work = CompletableFuture.runAsync(this::work, task -> Thread.ofVirtual().start(task));
    }

    private void work() {
        try {
            while (!stopping) {
                long begun = System.nanoTime();
                byte[] body = ByteBuffer.allocate(Long.BYTES).putLong(rounds.get()).array();
                channel.basicPublish("", QUEUE, MessageProperties.PERSISTENT_BASIC, body);
                channel.waitForConfirmsOrDie(PATIENCE_MS);
                assertThat(Optional.ofNullable(delivered.poll(PATIENCE_MS, TimeUnit.MILLISECONDS)))
                        .hasValue(rounds.get());
                slowestNs = Math.max(slowestNs, System.nanoTime() - begun);
                rounds.incrementAndGet();
            }
        } catch (Exception e) {
            throw new AssertionError("the witness was harmed after " + rounds + " rounds", e);
        }
    }

    /** Messages confirmed and delivered so far. */
    long rounds() {
        return rounds.get();
    }

    long slowestMs() {
        return TimeUnit.NANOSECONDS.toMillis(slowestNs);
    }

    /** Ends; throws what harmed it. */
    @Override
    public void close() {
        stopping = true;
        try {
            work.join();
        } finally {
            connection.abort();
        }
    }
}
