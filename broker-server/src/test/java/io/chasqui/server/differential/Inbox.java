package io.chasqui.server.differential;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import io.chasqui.server.differential.Step.Order;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a channel's consumers were given, and what of that and of gets is not settled.
 *
 * <p>Each consumer is an ordered account of its own: how deliveries from different queues mix on a
 * channel is chance.
 */
final class Inbox {

    /** What consumers were given: by the consumer's tag, then by {@link Told#way}. */
    private final Map<String, Map<String, List<String>>> accounts = new TreeMap<>();

    /** What is not settled, by the queue and the consumer it came from. */
    private final Map<String, List<Kept>> kept = new TreeMap<>();

    private final TreeSet<String> running = new TreeSet<>();
    private Order order = Order.WHOLE;

    /** A message by what is told of it, which is the same on both sides, and its delivery tag. */
    private record Kept(String told, long deliveryTag) {}

    /** What of the order of deliveries is told from now on. */
    synchronized void compare(Order next) {
        order = next;
    }

    void consume(Channel channel, Step.Consume c) throws IOException {
        DefaultConsumer account =
                new DefaultConsumer(channel) {
                    @Override
                    public void handleDelivery(
                            String tag,
                            Envelope envelope,
                            BasicProperties properties,
                            byte[] body) {
                        String told = Told.delivery(envelope, properties, body);
                        note(tag, Told.way(order, properties, told), told);
                        if (!c.autoAck()) {
                            keep(c.queue() + " " + tag, envelope.getDeliveryTag(), told);
                        }
                    }

                    @Override
                    public void handleCancel(String tag) {
                        end(tag);
                        note(tag, "", "cancelled");
                    }
                };
        synchronized (this) {
            accounts.put(c.tag(), new TreeMap<>());
            running.add(c.tag());
        }
        channel.basicConsume(
                c.queue(), c.autoAck(), c.tag(), false, c.exclusive(), c.arguments(), account);
    }

    private synchronized void note(String tag, String way, String what) {
        Map<String, List<String>> account = accounts.get(tag);
        if (account != null) {
            account.computeIfAbsent(way, _ -> new ArrayList<>()).add(what);
        }
    }

    synchronized void keep(String source, long deliveryTag, String told) {
        kept.computeIfAbsent(source, _ -> new ArrayList<>()).add(new Kept(told, deliveryTag));
    }

    /** No more comes to the consumer; false if that is so already. */
    synchronized boolean end(String tag) {
        return running.remove(tag);
    }

    /** No more comes to any consumer; those to which more came. */
    synchronized List<String> endAll() {
        List<String> all = List.copyOf(running);
        running.clear();
        return all;
    }

    synchronized boolean nothingKept() {
        return kept.isEmpty();
    }

    /**
     * Whether what was kept comes from one queue and consumer: how dead letters from several queues
     * mix is chance, and what is rejected at once dies in the order of consumers in RabbitMQ.
     */
    synchronized boolean keepsOfOneSource() {
        return kept.size() == 1;
    }

    /** Lets go of one message, by its source and then by what is told of it. */
    synchronized long takeOne(int which) {
        int left = which % kept.values().stream().mapToInt(List::size).sum();
        long tag = 0;
        for (List<Kept> messages : kept.values()) {
            if (left >= 0 && left < messages.size()) {
                messages.sort(Comparator.comparing(Kept::told).thenComparing(Kept::deliveryTag));
                tag = messages.remove(left).deliveryTag();
                left = -1;
            } else {
                left -= messages.size();
            }
        }
        kept.values().removeIf(List::isEmpty);
        return tag;
    }

    /** Lets go of all messages, and tells the last of their delivery tags. */
    synchronized long takeAll() {
        long last =
                kept.values().stream()
                        .flatMap(List::stream)
                        .mapToLong(Kept::deliveryTag)
                        .max()
                        .orElseThrow();
        kept.clear();
        return last;
    }

    /** Lets go of all messages but those of the first source that any are from. */
    synchronized List<Long> takeAllButOneSource() {
        List<String> others = kept.keySet().stream().skip(1).toList();
        List<Long> taken = new ArrayList<>();
        for (String source : others) {
            kept.getOrDefault(source, List.of()).forEach(one -> taken.add(one.deliveryTag()));
            kept.remove(source);
        }
        return taken;
    }

    synchronized void clear() {
        accounts.clear();
        running.clear();
        kept.clear();
    }

    @Override
    public synchronized String toString() {
        return accounts.toString();
    }
}
