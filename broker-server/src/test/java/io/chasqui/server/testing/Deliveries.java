package io.chasqui.server.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.CancelCallback;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DeliverCallback;
import com.rabbitmq.client.Delivery;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What one consumer has received so far. */
public final class Deliveries {

    private final List<Delivery> all = new CopyOnWriteArrayList<>();
    private final List<String> cancelled = new CopyOnWriteArrayList<>();
    private final Channel channel;
    private final String tag;

    private Deliveries(Channel channel, String queue, boolean autoAck) throws Exception {
        this.channel = channel;
        DeliverCallback noteIt = (_, delivery) -> all.add(delivery);
        CancelCallback noteEnd = cancelled::add;
        this.tag = channel.basicConsume(queue, autoAck, noteIt, noteEnd);
    }

    /** Begins to consume; everything must be acknowledged. */
    public static Deliveries of(Channel channel, String queue) throws Exception {
        return new Deliveries(channel, queue, false);
    }

    /** Begins to consume without acknowledging. */
    public static Deliveries autoAck(Channel channel, String queue) throws Exception {
        return new Deliveries(channel, queue, true);
    }

    public String tag() {
        return tag;
    }

    public List<String> bodies() {
        return all.stream().map(delivery -> new String(delivery.getBody(), UTF_8)).toList();
    }

    public List<Boolean> redelivered() {
        return all.stream().map(delivery -> delivery.getEnvelope().isRedeliver()).toList();
    }

    public List<String> cancelled() {
        return cancelled;
    }

    public int count() {
        return all.size();
    }

    public long deliveryTag(int index) {
        return all.get(index).getEnvelope().getDeliveryTag();
    }

    public void ack(int index) throws Exception {
        channel.basicAck(deliveryTag(index), false);
    }

    public void ackUpTo(int index) throws Exception {
        channel.basicAck(deliveryTag(index), true);
    }
}
