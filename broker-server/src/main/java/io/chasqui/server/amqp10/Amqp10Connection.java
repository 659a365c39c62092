package io.chasqui.server.amqp10;

import io.chasqui.core.message.MessageStore;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.shard.Shard;
import io.chasqui.protocol.amqp10.Amqp10;
import io.chasqui.protocol.amqp10.FrameCursor;
import io.chasqui.protocol.amqp10.MalformedException;
import io.chasqui.protocol.amqp10.Performative;
import io.chasqui.server.net.ClientSocket;
import io.chasqui.server.net.Conversation;
import io.chasqui.server.net.FrameIntake;
import io.chasqui.server.net.ReadGate;
import io.chasqui.server.net.ShardConnections;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: holds frames back that must wait, and has everything else said by the
 * {@link Dialogue}. Whatever goes wrong comes to {@link #failed}.
 */
final class Amqp10Connection implements Conversation {

    private static final Logger LOG = LoggerFactory.getLogger(Amqp10Connection.class);

    private final ClientSocket<FrameCursor> socket;
    private final FrameIntake<FrameCursor> intake;
    private final ReadGate gate;
    private final Shard shard;
    private final MessageStore store;
    private final Runnable uncongested;
    private final Dialogue dialogue;
    private boolean draining;

    private Amqp10Connection(
            ClientSocket<FrameCursor> socket,
            Amqp10Terms terms,
            FrameCursor.Expectation expected,
            boolean saslFirst) {
        this.socket = socket;
        this.intake = socket.intake();
        this.gate = socket.gate();
        this.shard = socket.neighbours().shard();
        this.store = terms.broker().store();
        this.uncongested = () -> gate.open(ReadGate.Reason.STORE_CONGESTED);
        this.dialogue = new Dialogue(terms, socket, expected, saslFirst);
    }

    /**
     * Begins to speak on a socket.
     *
     * @param saslFirst whether the client asked to log in
     */
    static ChannelHandler on(
            Channel socket, Amqp10Terms terms, ShardConnections neighbours, boolean saslFirst) {
        FrameCursor.Expectation expected = new FrameCursor.Expectation();
        return new ClientSocket<>(
                socket,
                neighbours,
                new FrameIntake<>(socket.alloc(), () -> new FrameCursor(expected), () -> {}),
                client -> new Amqp10Connection(client, terms, expected, saslFirst));
    }

    @Override
    public void begin() {
        dialogue.begin();
    }

    @Override
    public boolean isOver() {
        return dialogue.state() instanceof ConnectionState.Closed;
    }

    @Override
    public boolean ignores(ByteBuf octets) {
        return switch (dialogue.state()) {
            case ConnectionState.Closing closing when closing.garbled() -> {
                if (endsWithClose(octets)) {
                    dialogue.end("");
                }
                yield true;
            }
            case ConnectionState.Parting _ -> true;
            case ConnectionState.AwaitingInit _,
                    ConnectionState.AwaitingLogin _,
                    ConnectionState.AwaitingOpen _,
                    ConnectionState.Open _,
                    ConnectionState.Closing _,
                    ConnectionState.Closed _ ->
                    false;
        };
    }

    /** Whether octets that are no frames any more end in what may well be a frame with close. */
    private static boolean endsWithClose(ByteBuf octets) {
        int end = octets.writerIndex();
        int last = end - Amqp10.FRAME_HEADER_BYTES - FrameCodec.CLOSE.length;
        for (int at = octets.readerIndex(); at <= last; at++) {
            if (octets.getInt(at) == end - at && isClose(octets, at + Amqp10.FRAME_HEADER_BYTES)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isClose(ByteBuf octets, int at) {
        for (int i = 0; i < FrameCodec.CLOSE.length; i++) {
            if (octets.getByte(at + i) != FrameCodec.CLOSE[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void takesMore() {
        if (dialogue.state() instanceof ConnectionState.Open open) {
            open.work().takesMore();
        }
    }

    @Override
    public void socketEnded() {
        dialogue.socketEnded();
    }

    @Override
    public void broken() {
        dialogue.end("internal error");
    }

    // -- frames

    @Override
    public void handleFrame() {
        if (isHeldBack()) {
            intake.again();
        } else {
            dialogue.handle(intake.found(), intake.octets());
        }
    }

    @Override
    public void failed(RuntimeException fault, boolean found) {
        gate.open(ReadGate.Reason.AWAITING_ANSWER);
        Amqp10Error error =
                switch (fault) {
                    case Amqp10Error known -> known;
                    case MalformedException malformed ->
                            Amqp10Error.connection(Amqp10Error.FRAMING_ERROR, malformed.text());
                    case Refusal refusal -> Amqp10Error.of(Amqp10Error.Scope.CONNECTION, refusal);
                    default -> {
                        LOG.error("{}: failed", socket.peer().name(), fault);
                        yield Amqp10Error.connection(Amqp10Error.INTERNAL_ERROR, "internal error");
                    }
                };
        dialogue.fail(error, !found);
    }

    /** Whether the frame must wait: it may add to what the store must take. */
    private boolean isHeldBack() {
        FrameCursor found = intake.found();
        if (!(dialogue.state() instanceof ConnectionState.Open)
                || Performative.of(intake.octets(), found.bodyAt(), found.bodySize())
                        != Performative.TRANSFER) {
            return false;
        }
        if (draining) {
            gate.close(ReadGate.Reason.STOPPING);
            return true;
        }
        if (store.congested()) {
            gate.close(ReadGate.Reason.STORE_CONGESTED);
            shard.whenUncongested(uncongested);
            return true;
        }
        return false;
    }

    // -- what the network asks

    @Override
    public void sweep(long nowNs, boolean heard, boolean spoke) {
        switch (dialogue.state()) {
            case ConnectionState.Open open -> lookAfter(open.idle(), nowNs, heard, spoke);
            case ConnectionState.Closed closed -> {
                if (nowNs - closed.deadlineNs() > 0) {
                    socket.closeNow();
                }
            }
            case ConnectionState.AwaitingInit _,
                    ConnectionState.AwaitingLogin _,
                    ConnectionState.AwaitingOpen _,
                    ConnectionState.Closing _,
                    ConnectionState.Parting _ ->
                    dialogue.endIfLate(nowNs);
        }
    }

    private void lookAfter(IdleTimes idle, long nowNs, boolean heard, boolean spoke) {
        switch (idle.look(nowNs, heard, spoke)) {
            case NOTHING -> {}
            case SEND -> dialogue.beat();
            case GIVE_UP ->
                    dialogue.fail(
                            Amqp10Error.connection(
                                    Amqp10Error.RESOURCE_LIMIT, "local-idle-timeout expired"));
        }
    }

    @Override
    public void alarmsChanged(boolean publishersBlocked) {
        if (dialogue.state() instanceof ConnectionState.Open open) {
            open.work().alarmsChanged(publishersBlocked);
        }
    }

    /** What comes from now on is left to the broker's successor. */
    @Override
    public void drain() {
        draining = true;
    }

    @Override
    public boolean owes() {
        return dialogue.state() instanceof ConnectionState.Open open && open.work().owesOutcomes();
    }

    @Override
    public void shutDown() {
        dialogue.shutDown();
    }
}
