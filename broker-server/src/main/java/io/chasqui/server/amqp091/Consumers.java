package io.chasqui.server.amqp091;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.session.ConsumerReport;
import io.chasqui.core.session.DirectReplies;
import io.chasqui.core.session.Prefetch;
import io.chasqui.core.session.Reply;
import io.chasqui.core.session.Session;
import io.chasqui.core.session.Subscription;
import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.MethodId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The consumers of one channel: basic.consume, cancel and qos. */
final class Consumers {

    private static final int TAG_RANDOM_BYTES = 16;

    private final Link link;
    private final int channel;
    private final Session session;
    private final Answers answers;
    private final Declarations declarations;
    private final DirectReplies replies;
    private final Unsettled unsettled;
    private final RandomGenerator random;
    private final Map<String, ConsumerSink> byTag = new HashMap<>();

    /** Those whose client has cancelled them and waits for the answer. */
    private final List<Subscription> leaving = new ArrayList<>();

    private final Prefetch prefetch;

    Consumers(
            Link link,
            int channel,
            Answers answers,
            Declarations declarations,
            DirectReplies replies,
            Unsettled unsettled,
            RandomGenerator random) {
        this.link = link;
        this.channel = channel;
        this.session = link.session();
        this.answers = answers;
        this.declarations = declarations;
        this.replies = replies;
        this.unsettled = unsettled;
        this.prefetch = session.newPrefetch();
        this.random = random;
    }

    void consume(BasicMethod.Consume m) {
        String queue = declarations.queueNamed(m.queue());
        String tag = m.consumerTag().isEmpty() ? newTag() : m.consumerTag();
        if (byTag.containsKey(tag)) {
            throw new Refusal.NotAllowed("attempt to reuse consumer tag '" + tag + "'");
        }
        Arguments arguments = ArgumentTables.arguments(m.arguments());
        ConsumerSink sink =
                new ConsumerSink(link, channel, tag, m.exclusive(), arguments, unsettled, this);
        if (queue.equals(DirectReplies.PSEUDO_QUEUE)) {
            replies.checkMayConsume(m.noAck());
            replies.consume(tag, prefetch, sink, subscribing(m, sink));
        } else {
            session.subscriptions()
                    .begin(
                            queue,
                            tag,
                            m.noAck(),
                            m.exclusive(),
                            arguments,
                            prefetch,
                            sink,
                            subscribing(m, sink));
        }
    }

    private Reply<Subscription> subscribing(BasicMethod.Consume m, ConsumerSink sink) {
        return answers.later(
                m.noWait(), MethodId.BASIC_CONSUME, subscription -> subscribed(sink, subscription));
    }

    private BasicMethod.ConsumeOk subscribed(ConsumerSink sink, Subscription subscription) {
        sink.subscribed(subscription);
        if (answers.isClosed()) {
            session.subscriptions().cancel(subscription, () -> {});
        } else {
            byTag.put(sink.tag(), sink);
        }
        return new BasicMethod.ConsumeOk(sink.tag());
    }

    private String newTag() {
        byte[] octets = new byte[TAG_RANDOM_BYTES];
        random.nextBytes(octets);
        return "amq.ctag-" + Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    /**
     * Ends a consumer; an unknown tag is answered as if there had been one (0-9-1 basic.cancel).
     */
    void cancel(BasicMethod.Cancel m) {
        BasicMethod.CancelOk ok = new BasicMethod.CancelOk(m.consumerTag());
        ConsumerSink sink = byTag.remove(m.consumerTag());
        Subscription subscription = sink == null ? null : sink.subscription();
        if (subscription == null) {
            answers.now(m.noWait(), ok);
        } else {
            leaving.add(subscription);
            Runnable answer = answers.later(m.noWait(), ok);
            session.subscriptions()
                    .cancelAfterDeliveries(
                            subscription,
                            () -> {
                                leaving.remove(subscription);
                                answer.run();
                            });
        }
    }

    /**
     * Bounds what may be out unsettled, in RabbitMQ's meaning of {@code global}: without it the bound
     * is for each consumer, with it for all consumers of the channel together. Unlike RabbitMQ's,
     * both reach the consumers already there.
     */
    void qos(BasicMethod.Qos m) {
        if (m.prefetchSize() != 0) {
            throw Violations.notImplemented(
                    "prefetch_size!=0 (" + m.prefetchSize() + ")", MethodId.BASIC_QOS);
        }
        Runnable answer = answers.later(false, new BasicMethod.QosOk());
        if (m.global()) {
            prefetch.all(m.prefetchCount(), unsettled.ledger(), answer);
        } else {
            prefetch.each(m.prefetchCount(), answer);
        }
    }

    /** The queue of a consumer is gone: its client is told if it can be (RabbitMQ's extension). */
    void cancelledByBroker(ConsumerSink sink) {
        if (byTag.remove(sink.tag(), sink) && link.client().consumerCancelNotify()) {
            answers.tell(new BasicMethod.Cancel(sink.tag(), true));
        }
    }

    /**
     * A consumer kept a message for too long. What it has goes back, which is no failure, and its client
     * is told that it is cancelled; or the channel ends, if the client takes no such news or cancelled it
     * before.
     */
    void timedOut(ConsumerSink sink, Subscription subscription, long timeoutMs) {
        boolean wasThere = byTag.remove(sink.tag(), sink);
        unsettled.ledger().giveBack(subscription);
        if (wasThere && link.client().consumerCancelNotify()) {
            link.warn(
                    channel,
                    "consumer '%s' of queue '%s' cancelled: it kept a message for more than %s ms"
                            .formatted(sink.tag(), subscription.queue().name(), timeoutMs));
            answers.tell(new BasicMethod.Cancel(sink.tag(), true));
        } else if (!answers.isClosed()) {
            link.fail(channel, Violations.timedOut(channel, timeoutMs));
        }
    }

    /** The bounds on what may be out unsettled. */
    Prefetch prefetch() {
        return prefetch;
    }

    /** What there is to tell of each, by tag. */
    List<ConsumerReport> reports() {
        List<ConsumerReport> reports = new ArrayList<>();
        for (ConsumerSink sink : byTag.values()) {
            Subscription subscription = sink.subscription();
            if (subscription != null) {
                reports.add(sink.report(subscription, prefetch.each()));
            }
        }
        reports.sort(Comparator.comparing(ConsumerReport::tag));
        return reports;
    }

    /** Ends all consumers. */
    void close() {
        for (ConsumerSink sink : new ArrayList<>(byTag.values())) {
            Subscription subscription = sink.subscription();
            if (subscription != null) {
                session.subscriptions().cancel(subscription, () -> {});
            }
        }
        byTag.clear();
        List.copyOf(leaving).forEach(each -> session.subscriptions().cancel(each, () -> {}));
        leaving.clear();
    }
}
