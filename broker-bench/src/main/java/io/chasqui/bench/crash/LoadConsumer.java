package io.chasqui.bench.crash;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Consumes one queue and acknowledges: an even-numbered consumer several messages at once, an
 * odd-numbered one each by itself.
 */
final class LoadConsumer extends LoadClient {

    private final ConsumerId id;
    private final CrashPlan plan;
    private final Ledger ledger;
    private final int ackEvery;

    LoadConsumer(ConsumerId id, CrashPlan plan, Ledger ledger) {
        super("consumer-" + id.queue() + "-" + id.number(), plan, ledger);
        this.id = id;
        this.plan = plan;
        this.ledger = ledger;
        this.ackEvery = id.number() % 2 == 0 ? Math.max(1, plan.prefetch() / 4) : 1;
    }

    @Override
    void work(Connection connection, int life) throws IOException, InterruptedException {
        Channel channel = channelOf(connection, life);
        channel.basicQos(plan.prefetch());
        List<MessageId> unacked = new ArrayList<>();
        channel.basicConsume(
                id.queue(),
                false,
                (_, delivery) -> take(channel, life, delivery, unacked),
                _ -> {});
        while (!isStopping() && channel.isOpen()) {
            awaitStop(Duration.ofMillis(20));
        }
    }

    private void take(Channel channel, int life, Delivery delivery, List<MessageId> unacked)
            throws IOException {
        Optional<MessageId> body = MessageBody.read(delivery.getBody());
        ledger.delivered(id, life, delivery.getEnvelope().isRedeliver(), body);
        body.ifPresent(unacked::add);
        if (unacked.size() >= ackEvery) {
            channel.basicAck(delivery.getEnvelope().getDeliveryTag(), true);
            unacked.forEach(message -> ledger.acknowledged(id, life, message));
            unacked.clear();
        }
    }
}
