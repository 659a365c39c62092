package io.chasqui.server.amqp091;

import io.chasqui.core.message.MessageStore;
import io.chasqui.core.session.ChannelReport;
import io.chasqui.core.session.Session;
import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.ChannelMethod;
import io.chasqui.protocol.amqp091.MethodId;
import io.chasqui.protocol.amqp091.MethodReader;
import io.chasqui.protocol.amqp091.ProtocolException;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The channels of an open connection, and the session they work in. */
final class OpenConnection {

    private final Link link;
    private final Session session;
    private final int channelMax;
    private final MessageStore store;
    private final RandomGenerator random;
    private final InPlaceContent inPlace;
    private final MessageLimits limits;
    private final IntObjectMap<ChannelSlot> slots = new IntObjectHashMap<>();

    /** The open channel that the last frame was for; most frames are for the same as the last. */
    private @Nullable AmqpChannel last;

    private int lastNumber;

    OpenConnection(
            Link link,
            Session session,
            int channelMax,
            MessageStore store,
            RandomGenerator random,
            InPlaceContent inPlace,
            MessageLimits limits) {
        this.link = link;
        this.session = session;
        this.channelMax = channelMax;
        this.store = store;
        this.random = random;
        this.inPlace = inPlace;
        this.limits = limits;
    }

    Session session() {
        return session;
    }

    int channels() {
        return slots.size();
    }

    /** What there is to tell of each open channel, by number. */
    List<ChannelReport> reports() {
        List<ChannelReport> reports = new ArrayList<>();
        for (ChannelSlot slot : slots.values()) {
            if (slot instanceof AmqpChannel channel) {
                reports.add(channel.report());
            }
        }
        reports.sort(Comparator.comparingInt(ChannelReport::number));
        return reports;
    }

    /** Handles a frame on any channel but 0. */
    void handle(int number, int type, ByteBuffer in, int at, int size) {
        AmqpChannel known = number == lastNumber ? last : null;
        if (known != null && !closes(type, in, at)) {
            known.handle(type, in, at, size);
            return;
        }
        ChannelSlot slot = slots.get(number);
        switch (slot) {
            case null -> open(number, type, in, at, size);
            case AmqpChannel channel -> {
                last = channel;
                lastNumber = number;
                if (closes(type, in, at)) {
                    MethodReader.read(in, at, size);
                    closedByClient(number, channel);
                } else {
                    channel.handle(type, in, at, size);
                }
            }
            case ChannelSlot.AwaitingCloseOk _ -> whileClosing(number, type, in, at);
        }
    }

    private static boolean closes(int type, ByteBuffer in, int at) {
        return type == Amqp091.FRAME_METHOD && MethodReader.id(in, at) == MethodId.CHANNEL_CLOSE;
    }

    private void open(int number, int type, ByteBuffer in, int at, int size) {
        int id = type == Amqp091.FRAME_METHOD ? MethodReader.id(in, at) : 0;
        if (type == Amqp091.FRAME_HEARTBEAT) {
            throw Violations.unexpectedFrame("heartbeat frame on channel " + number);
        }
        if (id != MethodId.CHANNEL_OPEN) {
            throw Violations.channelError("expected 'channel.open'", id);
        }
        if (channelMax != 0 && number > channelMax) {
            throw slots.size() >= channelMax
                    ? Violations.tooManyChannels(slots.size(), channelMax)
                    : Violations.channelError(
                            "channel number "
                                    + number
                                    + " is above the channel_max ("
                                    + channelMax
                                    + ")",
                            id);
        }
        MethodReader.read(in, at, size);
        session.openChannel(number);
        slots.put(number, new AmqpChannel(link, number, store, random, inPlace, limits));
        link.send(number, new ChannelMethod.OpenOk());
    }

    private void closedByClient(int number, AmqpChannel channel) {
        forget(number);
        close(channel);
        link.send(number, new ChannelMethod.CloseOk());
    }

    private void whileClosing(int number, int type, ByteBuffer in, int at) {
        if (type == Amqp091.FRAME_METHOD) {
            switch (MethodReader.id(in, at)) {
                case MethodId.CHANNEL_CLOSE_OK -> slots.remove(number);
                case MethodId.CHANNEL_CLOSE -> link.send(number, new ChannelMethod.CloseOk());
                case MethodId.CHANNEL_OPEN ->
                        throw Violations.channelError(
                                "second 'channel.open' seen", MethodId.CHANNEL_OPEN);
                default -> {}
            }
        }
    }

    /** Closes one channel because of an error on it. */
    void fail(int number, ProtocolException error) {
        if (slots.get(number) instanceof AmqpChannel channel) {
            forget(number);
            close(channel);
            slots.put(number, ChannelSlot.AwaitingCloseOk.INSTANCE);
            link.send(
                    number,
                    new ChannelMethod.Close(
                            error.code().code(), error.text(), error.classId(), error.methodId()));
        }
    }

    /** The method a channel handled last, 0 if there is no such channel. */
    int methodId(int number) {
        return slots.get(number) instanceof AmqpChannel channel ? channel.methodId() : 0;
    }

    /** Whether a publish on any channel is still to be confirmed. */
    boolean owesConfirms() {
        return slots.values().stream()
                .anyMatch(slot -> slot instanceof AmqpChannel channel && channel.owesConfirms());
    }

    private void forget(int number) {
        slots.remove(number);
        if (number == lastNumber) {
            last = null;
        }
    }

    private void close(AmqpChannel channel) {
        channel.close();
        session.closeChannel(channel.number());
    }

    /** Ends all channels and the session. */
    void close() {
        for (ChannelSlot slot : slots.values()) {
            if (slot instanceof AmqpChannel channel) {
                close(channel);
            }
        }
        slots.clear();
        last = null;
        session.close();
    }
}
