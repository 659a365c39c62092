package io.chasqui.server.amqp091;

import io.chasqui.core.exchange.Route;
import io.chasqui.core.session.Publisher;
import io.chasqui.protocol.amqp091.ContentHeader;
import io.chasqui.protocol.amqp091.DeliverWriter;
import io.chasqui.protocol.amqp091.MethodId;
import io.chasqui.protocol.amqp091.PublishReader;
import io.chasqui.protocol.amqp091.ReplyCode;
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

    private static final byte[] NO_ROUTE = DeliverWriter.shortString("NO_ROUTE");
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private enum Expecting {
        METHOD,
        HEADER,
        BODY
    }

    private final Link link;
    private final int channel;
    private final Publisher publisher;
    private final Confirms confirms;
    private final InPlaceContent inPlace;
    private final PublishedProperties properties;
    private final MessageLimits limits;
    private final PublishReader method = new PublishReader();

    private Expecting expecting = Expecting.METHOD;
    private boolean mandatory;
    private ByteBuffer names = NOTHING;
    private int namesAt;
    private int namesLength;
    private ByteBuffer head = NOTHING;
    private int headAt;
    private int headLength;
    private int bodySize;
    private int bodyKept;
    private @Nullable ByteBuf kept;

    Publishing(
            Link link,
            int channel,
            Confirms confirms,
            InPlaceContent inPlace,
            MessageLimits limits) {
        this.link = link;
        this.channel = channel;
        this.publisher = link.session().newPublisher();
        this.confirms = confirms;
        this.inPlace = inPlace;
        this.properties = new PublishedProperties(link.session().user());
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
            throw Violations.unexpectedFrame(
                    "expected method frame, got non method frame instead");
        }
        if (expecting == Expecting.BODY) {
            expectMethod();
        }
        ContentHeader.validate(in, at, size);
        long announced = ContentHeader.bodySize(in, at);
        limits.check(namesLength + size, announced);
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
        }
    }

    /** Reads a body frame. */
    void body(ByteBuffer in, int at, int size) {
        if (expecting != Expecting.BODY) {
            expectMethod();
            throw Violations.unexpectedFrame(
                    "expected method frame, got non method frame instead");
        }
        if (size > bodySize - bodyKept) {
            throw Violations.unexpectedContent(
                    "content body is larger than the " + bodySize + " octets announced");
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
            publisher
                    .content()
                    .names(names, namesAt, namesLength)
                    .head(head, headAt, headLength)
                    .body(body, bodyAt, bodySize);
            Route route = publisher.route(names, namesAt, namesLength);
            properties.check(head, headAt);
            if (route.size() == 0) {
                publisher.unroutable(mandatory);
                if (mandatory) {
                    giveBack(body, bodyAt);
                }
            }
            boolean persistent =
                    ContentHeader.deliveryMode(head, headAt) == PublishedProperties.PERSISTENT;
            confirms.published(
                    publisher.publish(
                            route, persistent, confirms.selected(), Amqp091Format.INSTANCE));
        } finally {
            release();
        }
    }

    /** Sends the message back to its publisher (0-9-1 §1.8.3.8). */
    private void giveBack(ByteBuffer body, int bodyAt) {
        int frameMax = link.frameMax();
        int size =
                DeliverWriter.basicReturnSize(NO_ROUTE, namesLength)
                        + MessageFrames.size(headLength, bodySize, frameMax);
        ByteBuffer out = link.output().begin(size);
        DeliverWriter.basicReturn(
                out,
                channel,
                ReplyCode.NO_ROUTE.code(),
                NO_ROUTE,
                names,
                namesAt,
                namesLength);
        MessageFrames.write(
                out, channel, head, headAt, headLength, body, bodyAt, bodySize, frameMax);
    }

    private void release() {
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
    }
}
