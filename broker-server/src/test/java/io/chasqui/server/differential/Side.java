package io.chasqui.server.differential;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.ShutdownSignalException;
import io.chasqui.server.differential.Step.Settlement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One of the two brokers: takes steps, and tells what a client sees of them.
 *
 * <p>Definitions go through one channel and messages through another, so that a refused declaration
 * does not end every consumer.
 */
final class Side implements AutoCloseable {

    private final Connection connection;
    private final Channels channels;
    private final Management management;
    private final Looks looks;
    private final Inbox inbox = new Inbox();
    private Channel definitions;
    private Channel messages;
    private Confirms confirms;
    private int prefetch;

    Side(Connection connection, Management management) throws IOException {
        this.connection = connection;
        this.channels = new Channels(connection);
        this.management = management;
        this.looks = new Looks(channels);
        this.definitions = channels.open();
        this.messages = channels.open();
        this.confirms = Confirms.on(messages);
    }

    private void openMessages() throws IOException {
        inbox.clear();
        messages = channels.open();
        confirms = Confirms.on(messages);
        if (prefetch > 0) {
            messages.basicQos(prefetch);
        }
    }

    /** Takes away whatever an earlier scenario left. */
    void clear() throws IOException, InterruptedException {
        messages.abort();
        for (String exchange : Scenario.EXCHANGES) {
            definitions.exchangeDeleteNoWait(exchange, false);
        }
        for (String queue : Scenario.QUEUES) {
            definitions.queueDeleteNoWait(queue, false, false);
        }
        definitions.exchangeDeclarePassive("amq.direct");
        management.clearPolicies();
        looks.clear();
        prefetch = 0;
        inbox.compare(Step.Order.WHOLE);
        openMessages();
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
            case Step.Begin b -> {
                inbox.compare(b.order());
                prefetch = b.prefetch();
                messages.basicQos(prefetch);
                yield "begun";
            }
            case Step.DeclareExchange d -> {
                definitions.exchangeDeclare(
                        d.exchange(),
                        d.type(),
                        d.durable(),
                        d.autoDelete(),
                        d.internal(),
                        d.arguments());
                yield "declared";
            }
            case Step.FindExchange f -> {
                definitions.exchangeDeclarePassive(f.exchange());
                yield "found";
            }
            case Step.DeleteExchange d -> {
                definitions.exchangeDelete(d.exchange(), d.ifUnused());
                yield "deleted";
            }
            case Step.DeclareQueue d -> {
                AMQP.Queue.DeclareOk ok =
                        definitions.queueDeclare(
                                d.queue(),
                                d.durable(),
                                d.exclusive(),
                                d.autoDelete(),
                                d.arguments());
                looks.add(d.queue());
                yield told(ok);
            }
            case Step.FindQueue f -> told(definitions.queueDeclarePassive(f.queue()));
            case Step.DeleteQueue d -> {
                int count =
                        definitions
                                .queueDelete(d.queue(), d.ifUnused(), d.ifEmpty())
                                .getMessageCount();
                looks.remove(d.queue());
                yield "deleted with " + count;
            }
            case Step.Purge p -> "purged of " + definitions.queuePurge(p.queue()).getMessageCount();
            case Step.Bind b -> {
                definitions.queueBind(b.queue(), b.exchange(), b.key(), b.arguments());
                yield "bound";
            }
            case Step.Unbind b -> {
                definitions.queueUnbind(b.queue(), b.exchange(), b.key(), b.arguments());
                yield "unbound";
            }
            case Step.BindExchange b -> {
                definitions.exchangeBind(b.destination(), b.source(), b.key(), b.arguments());
                yield "bound";
            }
            case Step.UnbindExchange b -> {
                definitions.exchangeUnbind(b.destination(), b.source(), b.key(), b.arguments());
                yield "unbound";
            }
            case Step.Publish p -> confirms.publish(p);
            case Step.Get g -> get(g);
            case Step.Settle s -> settle(s);
            case Step.Consume c -> {
                inbox.consume(messages, c);
                yield "consuming";
            }
            case Step.Cancel c -> {
                if (inbox.end(c.tag())) {
                    messages.basicCancel(c.tag());
                }
                yield "cancelled";
            }
            case Step.SetPolicy p -> management.set(p);
            case Step.ClearPolicy p -> management.clear(p);
            case Step.CloseChannel _ -> {
                endButOneSource();
                messages.close();
                openMessages();
                yield "closed";
            }
            case Step.LetTimePass _ -> "time passes";
            case Step.Drain d -> drain(d);
        };
    }

    private static String told(AMQP.Queue.DeclareOk ok) {
        return ok.getMessageCount() + " messages, " + ok.getConsumerCount() + " consumers";
    }

    private String get(Step.Get get) throws IOException {
        @Nullable GetResponse got =
                messages.basicGet(get.queue(), get.settlement() == Settlement.AUTOMATIC);
        if (got == null) {
            return "empty";
        }
        long tag = got.getEnvelope().getDeliveryTag();
        if (get.settlement() == Settlement.KEEP) {
            inbox.keep(
                    get.queue(),
                    tag,
                    Told.message(got.getEnvelope(), got.getProps(), got.getBody()));
        }
        settle(get.settlement(), tag, false);
        return told(got);
    }

    private static String told(GetResponse got) {
        return Told.message(got.getEnvelope(), got.getProps(), got.getBody())
                + ", "
                + got.getMessageCount()
                + " left";
    }

    private String settle(Step.Settle step) throws IOException {
        if (inbox.nothingKept()) {
            return "nothing kept";
        }
        boolean all = step.multiple() && inbox.keepsOfOneSource();
        long tag = all ? inbox.takeAll() : inbox.takeOne(step.which());
        settle(step.settlement(), tag, all);
        return "settled";
    }

    private void settle(Settlement settlement, long tag, boolean multiple) throws IOException {
        switch (settlement) {
            case AUTOMATIC, KEEP -> {}
            case ACKNOWLEDGE -> messages.basicAck(tag, multiple);
            case REQUEUE -> messages.basicNack(tag, multiple, true);
            case REJECT -> messages.basicNack(tag, multiple, false);
            case DISCARD -> {
                if (multiple) {
                    messages.basicNack(tag, true, false);
                } else {
                    messages.basicReject(tag, false);
                }
            }
        }
        if (settlement != Settlement.AUTOMATIC && settlement != Settlement.KEEP) {
            messages.confirmSelect(); // answered behind the settlement, which is not answered
        }
    }

    /** Acknowledges all that is not from one queue: how what goes back to several mixes is chance. */
    private void endButOneSource() throws IOException {
        for (String tag : inbox.endAll()) {
            messages.basicCancel(tag);
        }
        for (long tag : inbox.takeAllButOneSource()) {
            messages.basicAck(tag, false);
        }
    }

    private String drain(Step.Drain drain) throws IOException {
        if (looks.counts().getOrDefault(drain.queue(), 0) == 0) {
            return "empty";
        }
        List<GetResponse> all = new ArrayList<>();
        for (GetResponse got = messages.basicGet(drain.queue(), true);
                got != null;
                got = messages.basicGet(drain.queue(), true)) {
            all.add(got);
        }
        return Told.inOrder(drain.order(), all);
    }

    /** How many messages are ready in each queue, and what consumers were given so far. */
    String state() throws IOException {
        return looks.counts() + " " + inbox;
    }

    private String refusal(ShutdownSignalException refused) throws IOException {
        if (!connection.isOpen()) {
            throw refused;
        }
        if (!definitions.isOpen()) {
            definitions = channels.open();
        }
        if (!messages.isOpen()) {
            openMessages();
        }
        Method reason = refused.getReason() instanceof Method method ? method : null;
        return reason instanceof AMQP.Channel.Close close
                ? close.getReplyCode() + " " + close.getReplyText()
                : String.valueOf(reason);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
