package io.chasqui.server.differential;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.ShutdownSignalException;
import io.chasqui.server.differential.Step.Settlement;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One of the two brokers: takes steps, and tells what a client sees of them. */
final class Side implements AutoCloseable {

    private static final long CONFIRM_TIMEOUT_MS = 10_000;

    private final Connection connection;
    private Channel channel;
    private Channel looks;
    private final Deque<Long> kept = new ArrayDeque<>();
    private final List<String> returned = Collections.synchronizedList(new ArrayList<>());
    private final TreeSet<String> queues = new TreeSet<>();

    Side(ConnectionFactory broker) throws IOException, TimeoutException {
        broker.setAutomaticRecoveryEnabled(false);
        connection = broker.newConnection();
        channel = openChannel();
        looks = connection.createChannel();
    }

    private Channel openChannel() throws IOException {
        Channel opened = connection.createChannel();
        opened.confirmSelect();
        opened.addReturnListener(message ->
                returned.add(
                        message.getReplyCode()
                                + " "
                                + message.getReplyText()
                                + " to "
                                + message.getExchange()
                                + "/"
                                + message.getRoutingKey()
                                + " "
                                + told(message.getProperties())));
        return opened;
    }

    /** Takes away whatever an earlier scenario left. */
    void clear() throws IOException {
        channel.abort();
        channel = openChannel();
        kept.clear();
        for (String exchange : Scenario.EXCHANGES) {
            channel.exchangeDelete(exchange);
        }
        for (String queue : Scenario.QUEUES) {
            channel.queueDelete(queue);
        }
        for (String queue : List.of("amq.fanout", "amq.topic", "amq.direct", "amq.headers")) {
            channel.exchangeDeclarePassive(queue);
        }
        queues.clear();
    }

    /** Takes a step; what the client sees of it, refusals with code and text. */
    String take(Step step) throws IOException, InterruptedException, TimeoutException {
        try {
            return attempt(step);
        } catch (ShutdownSignalException refused) {
            return refusal(refused);
        } catch (IOException e) {
            if (e.getCause() instanceof ShutdownSignalException refused) {
                return refusal(refused);
            }
            throw e;
        }
    }

    private String attempt(Step step) throws IOException, InterruptedException, TimeoutException {
        return switch (step) {
            case Step.DeclareExchange d -> {
                channel.exchangeDeclare(
                        d.exchange(), d.type(), false, d.autoDelete(), d.internal(), d.arguments());
                yield "declared";
            }
            case Step.DeleteExchange d -> {
                channel.exchangeDelete(d.exchange(), d.ifUnused());
                yield "deleted";
            }
            case Step.DeclareQueue d -> {
                AMQP.Queue.DeclareOk ok =
                        channel.queueDeclare(
                                d.queue(), d.durable(), d.exclusive(), false, d.arguments());
                queues.add(d.queue());
                yield "declared with " + ok.getMessageCount();
            }
            case Step.DeleteQueue d -> {
                int messages = channel.queueDelete(d.queue(), false, d.ifEmpty()).getMessageCount();
                queues.remove(d.queue());
                yield "deleted with " + messages;
            }
            case Step.Purge p -> "purged of " + channel.queuePurge(p.queue()).getMessageCount();
            case Step.Bind b -> {
                channel.queueBind(b.queue(), b.exchange(), b.key(), b.arguments());
                yield "bound";
            }
            case Step.Unbind b -> {
                channel.queueUnbind(b.queue(), b.exchange(), b.key(), b.arguments());
                yield "unbound";
            }
            case Step.BindExchange b -> {
                channel.exchangeBind(b.destination(), b.source(), b.key(), b.arguments());
                yield "bound";
            }
            case Step.UnbindExchange b -> {
                channel.exchangeUnbind(b.destination(), b.source(), b.key(), b.arguments());
                yield "unbound";
            }
            case Step.Publish p -> publish(p);
            case Step.Get g -> get(g);
            case Step.Settle s -> settle(s);
        };
    }

    private String publish(Step.Publish p)
            throws IOException, InterruptedException, TimeoutException {
        returned.clear();
        channel.basicPublish(
                p.exchange(),
                p.key(),
                p.mandatory(),
                p.properties(),
                Integer.toString(p.number()).getBytes(UTF_8));
        boolean confirmed = channel.waitForConfirms(CONFIRM_TIMEOUT_MS);
        return (confirmed ? "confirmed" : "rejected") + returned;
    }

    private String get(Step.Get get) throws IOException {
        @Nullable GetResponse got =
                channel.basicGet(get.queue(), get.settlement() == Settlement.AUTOMATIC);
        if (got == null) {
            return "empty";
        }
        long tag = got.getEnvelope().getDeliveryTag();
        settle(get.settlement(), tag, false);
        return new String(got.getBody(), UTF_8)
                + (got.getEnvelope().isRedeliver() ? " again" : "")
                + " from "
                + got.getEnvelope().getExchange()
                + "/"
                + got.getEnvelope().getRoutingKey()
                + ", "
                + got.getMessageCount()
                + " left "
                + told(got.getProps());
    }

    private String settle(Step.Settle step) throws IOException {
        if (kept.isEmpty()) {
            return "nothing kept";
        }
        long tag = step.multiple() ? kept.getLast() : kept.getFirst();
        settle(step.settlement(), tag, step.multiple());
        if (step.multiple()) {
            kept.clear();
        } else {
            kept.removeFirst();
        }
        return "settled";
    }

    private void settle(Settlement settlement, long tag, boolean multiple) throws IOException {
        switch (settlement) {
            case AUTOMATIC -> {}
            case ACKNOWLEDGE -> channel.basicAck(tag, multiple);
            case REQUEUE -> channel.basicNack(tag, multiple, true);
            case REJECT -> channel.basicNack(tag, multiple, false);
            case KEEP -> kept.add(tag);
        }
    }

    /** How many messages are ready in each queue; asked anew, for dead letters take their time. */
    String counts() throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        for (String queue : queues) {
            try {
                counts.put(queue, looks.queueDeclarePassive(queue).getMessageCount());
            } catch (IOException gone) {
                counts.put(queue, -1);
                looks = connection.createChannel();
            }
        }
        return counts.toString();
    }

    private String refusal(ShutdownSignalException refused) throws IOException {
        if (!connection.isOpen()) {
            throw refused;
        }
        channel = openChannel();
        kept.clear();
        Method reason = refused.getReason();
        return reason instanceof AMQP.Channel.Close close
                ? close.getReplyCode() + " " + close.getReplyText()
                : String.valueOf(reason);
    }

    private static String told(BasicProperties properties) {
        return "mode "
                + properties.getDeliveryMode()
                + " priority "
                + properties.getPriority()
                + " expiration "
                + properties.getExpiration()
                + " "
                + told((Object) properties.getHeaders());
    }

    /** Tables in the order of their keys; without when a message died, which no two brokers share. */
    private static String told(@Nullable Object value) {
        if (value instanceof Map<?, ?> table) {
            Map<String, String> sorted = new TreeMap<>();
            table.forEach((key, field) -> {
                if (!key.equals("time")) {
                    sorted.put(key.toString(), told(field));
                }
            });
            return sorted.toString();
        }
        if (value instanceof Collection<?> list) {
            return list.stream().map(Side::told).toList().toString();
        }
        if (value instanceof Number number) {
            return number + number.getClass().getSimpleName().substring(0, 1);
        }
        return String.valueOf(value);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
