package io.chasqui.server.amqp091;

import io.chasqui.core.exchange.Route;
import io.chasqui.core.message.FurtherKeys;
import io.chasqui.core.message.LargeBody;
import io.chasqui.core.session.DirectReplies;
import io.chasqui.core.session.Publisher;
import io.chasqui.core.session.Transaction;
import io.chasqui.protocol.amqp091.ContentHeader;
import io.chasqui.protocol.amqp091.MethodId;
import io.chasqui.protocol.amqp091.PublishReader;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the frames of basic.publish together and publishes the message (0-9-1 §4.2.6): a method, a
 * content header, and as many body frames as the header announces octets.
 *
 * <p>A message that lies in one piece of received memory is stored straight from there. Otherwise
 * what must outlive that memory is kept in a buffer of its own, in this order:
 *
 * <pre>
 *   | exchange and routing key | content header | body so far |
 * </pre>
 */
final class Publishing {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private enum Expecting {
        METHOD,
        HEADER,
        BODY
    }

    private final Link link;
    private final Publisher publisher;
    private final Confirms confirms;
    private final InPlaceContent inPlace;
    private final PublishedProperties properties;
    private final MessageLimits limits;
    private final PublishReader method = new PublishReader();
    private final ReplyTo replies;
    private final EditedHead edited = new EditedHead();
    private final Returns returns;

    private Expecting expecting = Expecting.METHOD;
    private boolean mandatory;
    private @Nullable Transaction transaction;
    private boolean asksForReplies;

    /** What the message is routed by that receivers cannot see; null for nothing. */
    private @Nullable FurtherKeys furtherKeys;

    private ByteBuffer names = NOTHING;
    private int namesAt;
    private int namesLength;
    private ByteBuffer head = NOTHING;
    private int headAt;
    private int headLength;
    private int bodySize;
    private int bodyKept;
    private @Nullable ByteBuf kept;

    /** The body under way if it is stored in parts. */
    private @Nullable BodyInParts large;

    Publishing(
            Link link,
            int channel,
            Confirms confirms,
            DirectReplies directReplies,
            InPlaceContent inPlace,
            MessageLimits limits) {
        this.link = link;
        this.publisher = link.session().newPublisher(channel);
        this.confirms = confirms;
        this.returns = new Returns(link, channel);
        this.replies = new ReplyTo(directReplies);
        this.inPlace = inPlace;
        this.properties = new PublishedProperties(link.session());
        this.limits = limits;
    }

    /** Refuses a method in the midst of content. */
    void expectMethod() {
        switch (expecting) {
            case METHOD -> {}
            case HEADER ->
                    throw Violations.unexpectedContent(
                            "expected content header for class 60, got non content header frame"
                                    + " instead");
            case BODY ->
                    throw Violations.unexpectedContent(
                            "expected content body, got non content body frame instead");
        }
    }

    /** Reads basic.publish. */
    void begin(ByteBuffer in, int at, int size) {
        method.read(in, at, size);
        if (method.immediate()) {
            throw Violations.notImplemented("immediate=true", MethodId.BASIC_PUBLISH);
        }
        mandatory = method.mandatory();
        names = in;
        namesAt = method.namesAt();
        namesLength = method.namesLength();
        expecting = Expecting.HEADER;
        inPlace.hold(this);
    }

    /** Reads a content header. */
    void header(ByteBuffer in, int at, int size) {
        if (expecting == Expecting.METHOD) {
            throw Violations.unexpectedFrame("expected method frame, got non method frame instead");
        }
        if (expecting == Expecting.BODY) {
            expectMethod();
        }
        ContentHeader.validate(in, at, size);
        long announced = ContentHeader.bodySize(in, at);
        limits.check(announced);
        head = in;
        headAt = at;
        headLength = size;
        bodySize = (int) announced;
        bodyKept = 0;
        if (kept != null) {
            kept.writeBytes(in.slice(at, size));
        }
        if (bodySize == 0) {
            complete(in, at + size);
        } else {
            expecting = Expecting.BODY;
            if (limits.inParts(namesLength + headLength, bodySize)) {
                beginLarge();
            }
        }
    }

    /**
     * Prepares for a body that will be stored in parts as it comes in, so that it is never in
     * memory whole. If the message has no queue to go to, it is treated as any other.
     */
    private void beginLarge() {
        if (kept != null) {
            lookAtKept(kept);
        }
        describe(NOTHING, 0, 0);
        Route route = publisher.route(Amqp091Format.INSTANCE);
        check();
        if (route.size() > 0) {
            boolean persistent = isPersistent();
            keep(BodyInParts.PART_BYTES);
            large = new BodyInParts(route, publisher.beginLarge(route, persistent));
        }
    }

    /** Reads a body frame. */
    void body(ByteBuffer in, int at, int size) {
        if (expecting != Expecting.BODY) {
            expectMethod();
            throw Violations.unexpectedFrame("expected method frame, got non method frame instead");
        }
        if (size > bodySize - bodyKept) {
            throw Violations.bodyTooLong();
        }
        if (large != null) {
            bodyOfLarge(large, in, at, size);
            return;
        }
        if (size == bodySize) {
            complete(in, at);
            return;
        }
        keep(size).writeBytes(in.slice(at, size));
        bodyKept += size;
        if (bodyKept == bodySize) {
            completeKept();
        }
    }

    private void bodyOfLarge(BodyInParts parts, ByteBuffer in, int at, int size) {
        ByteBuf staged = keep(size);
        bodyKept += size;
        boolean whole = bodyKept == bodySize;
        parts.add(in, at, size, staged, namesLength + headLength, whole);
        if (whole) {
            completeLarge(parts, staged);
        }
    }

    private void completeLarge(BodyInParts parts, ByteBuf staged) {
        expecting = Expecting.METHOD;
        large = null;
        try {
            lookAtKept(staged);
            editHead();
            publishInParts(parts.route(), parts.body());
        } finally {
            release();
        }
    }

    private void publishInParts(Route route, LargeBody body) {
        describe(NOTHING, 0, 0);
        describeLife();
        if (transaction != null) {
            transaction.publishLarge(
                    publisher.content(), route, body, isPersistent(), Amqp091Format.INSTANCE);
            return;
        }
        if (route.mayBeRefused() && confirms.selected()) {
            publisher.publishLargeAsking(
                    route, body, isPersistent(), Amqp091Format.INSTANCE, confirms);
            return;
        }
        confirms.published(
                publisher.publishLarge(
                        route, body, isPersistent(), confirms.selected(), Amqp091Format.INSTANCE));
    }

    private void describe(ByteBuffer body, int bodyAt, int bodyLength) {
        publisher
                .content()
                .names(names, namesAt, namesLength)
                .head(head, headAt, headLength)
                .body(body, bodyAt, bodyLength);
    }

    /** What the message's queues must know of its properties. */
    private void describeLife() {
        publisher
                .content()
                .timeToLive(properties.timeToLiveMs())
                .priority(ContentHeader.priority(head, headAt));
        if (furtherKeys != null) {
            publisher.content().furtherKeys(furtherKeys);
        }
    }

    /** Checks the properties, once it is known where the message goes. */
    private void check() {
        asksForReplies = replies.isAskedFor(head, headAt);
        if (asksForReplies) {
            replies.address();
        }
        properties.check(head, headAt);
    }

    /** Makes the content header that receivers see; false if it is the one that came. */
    private boolean editHead() {
        boolean isBlind = CarbonCopies.anyBlind(head, headAt);
        furtherKeys = isBlind ? CarbonCopies.keys(head, headAt) : null;
        if (!isBlind && !asksForReplies) {
            return false;
        }
        head =
                edited.edit(
                        head,
                        headAt,
                        headLength,
                        isBlind ? CarbonCopies.BCC : null,
                        asksForReplies ? replies.address() : null);
        headAt = 0;
        headLength = head.limit();
        return true;
    }

    private boolean isPersistent() {
        return ContentHeader.deliveryMode(head, headAt) == PublishedProperties.PERSISTENT;
    }

    /** Copies what lies in received memory, which goes away. */
    void keep() {
        if (expecting != Expecting.METHOD) {
            keep(0);
        }
    }

    private ByteBuf keep(int more) {
        ByteBuf known = kept;
        if (known != null) {
            return known;
        }
        int headKept = expecting == Expecting.BODY ? headLength : 0;
        ByteBuf fresh = link.allocator().directBuffer(namesLength + headKept + more);
        fresh.writeBytes(names.slice(namesAt, namesLength));
        if (headKept > 0) {
            fresh.writeBytes(head.slice(headAt, headKept));
        }
        kept = fresh;
        return fresh;
    }

    /** The whole body lies at {@code bodyAt} in received memory. */
    private void complete(ByteBuffer body, int bodyAt) {
        if (kept != null) {
            lookAtKept(kept);
        }
        publish(body, bodyAt);
    }

    private void completeKept() {
        if (kept != null) {
            ByteBuffer all = lookAtKept(kept);
            publish(all, namesLength + headLength);
        }
    }

    private ByteBuffer lookAtKept(ByteBuf buffer) {
        ByteBuffer all = buffer.nioBuffer();
        names = all;
        namesAt = 0;
        head = all;
        headAt = namesLength;
        return all;
    }

    private void publish(ByteBuffer body, int bodyAt) {
        expecting = Expecting.METHOD;
        try {
            describe(body, bodyAt, bodySize);
            Route route = publisher.route(Amqp091Format.INSTANCE);
            check();
            if (editHead()) {
                describe(body, bodyAt, bodySize);
            }
            describeLife();
            if (route.size() == 0) {
                unroutable(route, body, bodyAt);
            } else if (limits.inParts(namesLength + headLength, bodySize)) {
                LargeBody whole = publisher.beginLarge(route, isPersistent());
                whole.add(body, bodyAt, bodySize);
                publishInParts(route, whole);
            } else if (transaction != null) {
                transaction.publish(
                        publisher.content(), route, isPersistent(), Amqp091Format.INSTANCE);
            } else {
                publish(route);
            }
        } finally {
            release();
        }
    }

    private void publish(Route route) {
        if (route.mayBeRefused() && confirms.selected()) {
            publisher.publishAsking(route, isPersistent(), Amqp091Format.INSTANCE, confirms);
            return;
        }
        confirms.published(
                publisher.publish(
                        route, isPersistent(), confirms.selected(), Amqp091Format.INSTANCE));
    }

    /** A transaction returns its messages when it is committed. */
    private void unroutable(Route route, ByteBuffer body, int bodyAt) {
        publisher.unroutable(mandatory);
        if (transaction == null) {
            if (mandatory) {
                returns.write(
                        names,
                        namesAt,
                        namesLength,
                        head,
                        headAt,
                        headLength,
                        body,
                        bodyAt,
                        bodySize);
            }
            publish(route);
        } else if (mandatory) {
            transaction.publish(publisher.content(), route, isPersistent(), Amqp091Format.INSTANCE);
        }
    }

    /** From now on what is published is part of a transaction. */
    Transaction beginTransaction() {
        Transaction begun = publisher.newTransaction();
        transaction = begun;
        return begun;
    }

    /** Commits the transaction; returns the log position to wait for, 0 for none. */
    long commit(Transaction begun) {
        return begun.commit(returns);
    }

    private void release() {
        if (large != null) {
            large.body().release();
            large = null;
        }
        names = NOTHING;
        head = NOTHING;
        if (kept != null) {
            kept.release();
            kept = null;
        }
    }

    /** The channel is closed: content that is not whole yet is dropped. */
    void close() {
        expecting = Expecting.METHOD;
        release();
        publisher.close();
    }
}
