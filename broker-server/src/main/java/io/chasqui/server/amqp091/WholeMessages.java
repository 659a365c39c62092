package io.chasqui.server.amqp091;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.core.exchange.Route;
import io.chasqui.core.message.LargeBody;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.queue.Settlement;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.session.Publisher;
import io.chasqui.core.session.Reply;
import io.chasqui.core.session.Session;
import io.chasqui.protocol.amqp091.BasicProperties;
import io.chasqui.protocol.amqp091.ContentHeader;
import io.chasqui.protocol.amqp091.MethodId;
import io.chasqui.server.message.FetchedMessage;
import io.chasqui.server.message.MessageDesk;
import io.chasqui.server.message.PublishOutcome;
import io.chasqui.server.message.WholeMessage;
import java.nio.ByteBuffer;
import java.util.List;

/** Whole messages, kept and checked as those that come in frames of AMQP 0-9-1. */
public final class WholeMessages implements MessageDesk {

    private static final int LONGEST_NAME = 255;

    private final MessageLimits limits;

    /** @param maxMessageBytes largest body of a message */
    public WholeMessages(long maxMessageBytes, MessageStore store) {
        this.limits = new MessageLimits(maxMessageBytes, store.maxContentBytes());
    }

    @Override
    public void publish(Session session, WholeMessage message, Reply<PublishOutcome> reply) {
        try {
            limits.check(message.body().length);
            Publisher publisher = session.newPublisher(0);
            try {
                publish(session, publisher, message, reply);
            } finally {
                publisher.close();
            }
        } catch (Refusal refusal) {
            throw Refusals.during(MethodId.BASIC_PUBLISH, refusal);
        }
    }

    private void publish(
            Session session,
            Publisher publisher,
            WholeMessage message,
            Reply<PublishOutcome> reply) {
        ByteBuffer names = names(message.exchange(), message.routingKey());
        ByteBuffer head = head(message.properties(), message.body().length);
        ByteBuffer body = ByteBuffer.wrap(message.body());
        describe(publisher, names, head, body);
        Route route = publisher.route(Amqp091Format.INSTANCE);
        PublishedProperties properties = new PublishedProperties(session);
        properties.check(head, 0);
        if (CarbonCopies.anyBlind(head, 0)) {
            head = new EditedHead().edit(head, 0, head.limit(), CarbonCopies.BCC, null);
        }
        describe(publisher, names, head, body);
        publisher
                .content()
                .timeToLive(properties.timeToLiveMs())
                .priority(ContentHeader.priority(head, 0));
        boolean persistent = ContentHeader.deliveryMode(head, 0) == PublishedProperties.PERSISTENT;
        if (route.size() > 0 && limits.inParts(names.limit() + head.limit(), body.limit())) {
            LargeBody large = publisher.beginLarge(route, persistent);
            large.add(body, 0, body.limit());
            describe(publisher, names, head, ByteBuffer.allocate(0));
            storeLarge(session, publisher, route, large, persistent, reply);
        } else {
            store(session, publisher, route, persistent, reply);
        }
    }

    private static void store(
            Session session,
            Publisher publisher,
            Route route,
            boolean persistent,
            Reply<PublishOutcome> reply) {
        if (route.mayBeRefused()) {
            OneVerdict verdict = new OneVerdict(session, reply);
            publisher.publishAsking(route, persistent, Amqp091Format.INSTANCE, verdict);
            return;
        }
        PublishOutcome outcome =
                route.size() > 0 ? PublishOutcome.ROUTED : PublishOutcome.UNROUTABLE;
        if (outcome == PublishOutcome.UNROUTABLE) {
            publisher.unroutable(true);
        }
        long position = publisher.publish(route, persistent, true, Amqp091Format.INSTANCE);
        session.whenDurable(position, () -> reply.ok(outcome));
    }

    private static void storeLarge(
            Session session,
            Publisher publisher,
            Route route,
            LargeBody large,
            boolean persistent,
            Reply<PublishOutcome> reply) {
        if (route.mayBeRefused()) {
            OneVerdict verdict = new OneVerdict(session, reply);
            publisher.publishLargeAsking(route, large, persistent, Amqp091Format.INSTANCE, verdict);
            return;
        }
        long position =
                publisher.publishLarge(route, large, persistent, true, Amqp091Format.INSTANCE);
        session.whenDurable(position, () -> reply.ok(PublishOutcome.ROUTED));
    }

    private static void describe(
            Publisher publisher, ByteBuffer names, ByteBuffer head, ByteBuffer body) {
        publisher
                .content()
                .names(names, 0, names.limit())
                .head(head, 0, head.limit())
                .body(body, 0, body.limit());
    }

    private static ByteBuffer names(String exchange, String routingKey) {
        byte[] first = exchange.getBytes(UTF_8);
        byte[] second = routingKey.getBytes(UTF_8);
        if (first.length > LONGEST_NAME || second.length > LONGEST_NAME) {
            throw new Refusal.PreconditionFailed(
                    "exchange and routing key may have " + LONGEST_NAME + " octets each");
        }
        ByteBuffer names = ByteBuffer.allocate(first.length + second.length + 2);
        return names.put((byte) first.length)
                .put(first)
                .put((byte) second.length)
                .put(second)
                .flip();
    }

    private static ByteBuffer head(BasicProperties properties, long bodyBytes) {
        ByteBuffer head = ByteBuffer.allocate(ContentHeader.PREFIX_SIZE + properties.size());
        ContentHeader.writePrefix(head, bodyBytes);
        properties.write(head);
        head.flip();
        ContentHeader.validate(head, 0, head.limit());
        return head;
    }

    @Override
    public void fetch(
            Session session,
            String queue,
            int most,
            Settlement settlement,
            Reply<List<FetchedMessage>> reply) {
        new Fetch(session, queue, most, settlement, reply).begin();
    }
}
