package io.chasqui.server.amqp091;

import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.session.Session;
import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.FrameCursor;
import io.chasqui.protocol.amqp091.FrameWriter;
import io.chasqui.protocol.amqp091.MethodId;
import io.chasqui.protocol.amqp091.MethodReader;
import io.chasqui.protocol.amqp091.ProtocolException;
import io.chasqui.protocol.amqp091.ReplyCode;
import io.chasqui.server.net.ClientSocket;
import io.chasqui.server.net.Conversation;
import io.chasqui.server.net.FrameIntake;
import io.chasqui.server.net.OutputBuffer;
import io.chasqui.server.net.ReadGate;
import io.chasqui.server.net.ShardConnections;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: frames of open channels go to {@link OpenConnection}, all others to the
 * {@link Dialogue}. Whatever goes wrong, here or in a channel, comes to {@link #failed}.
 */
final class Connection implements Conversation, Link {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final ClientSocket<FrameCursor> socket;
    private final FrameIntake<FrameCursor> intake;
    private final ReadGate gate;
    private final Dialogue dialogue;
    private boolean draining;

    private Connection(
            ClientSocket<FrameCursor> socket, Amqp091Protocol protocol, InPlaceContent inPlace) {
        this.socket = socket;
        this.intake = socket.intake();
        this.gate = socket.gate();
        this.dialogue = new Dialogue(this, protocol, socket, inPlace);
    }

    /** Begins to speak on a socket. */
    static ChannelHandler on(
            Channel socket, Amqp091Protocol protocol, ShardConnections neighbours) {
        InPlaceContent inPlace = new InPlaceContent();
        return new ClientSocket<>(
                socket,
                neighbours,
                new FrameIntake<>(socket.alloc(), FrameCursor::new, inPlace::leave),
                client -> new Connection(client, protocol, inPlace));
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
        if (dialogue.state() instanceof ConnectionState.Closing closing && closing.garbled()) {
            if (endsWithCloseOk(octets)) {
                dialogue.end("");
            }
            return true;
        }
        return false;
    }

    /** Whether octets that are no frames any more end in what may well be connection.close-ok. */
    private static boolean endsWithCloseOk(ByteBuf octets) {
        ConnectionMethod.CloseOk method = new ConnectionMethod.CloseOk();
        ByteBuffer closeOk = ByteBuffer.allocate(FrameWriter.sizeOf(method));
        FrameWriter.method(closeOk, 0, method);
        int from = octets.writerIndex() - closeOk.capacity();
        for (int i = 0; i < closeOk.capacity(); i++) {
            if (from < octets.readerIndex() || octets.getByte(from + i) != closeOk.get(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void takesMore() {
        if (dialogue.state() instanceof ConnectionState.Open open) {
            open.work().session().subscriptions().resume();
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
    public void failed(RuntimeException fault, boolean found) {
        switch (fault) {
            case ProtocolException error -> {
                gate.open(ReadGate.Reason.AWAITING_ANSWER);
                if (found) {
                    dialogue.fail(intake.found().channel(), error);
                } else {
                    dialogue.close(error, true);
                }
            }
            case Refusal refusal -> {
                gate.open(ReadGate.Reason.AWAITING_ANSWER);
                dialogue.fail(intake.found().channel(), Refusals.during(methodId(), refusal));
            }
            default -> {
                LOG.error("{}: failed", socket.peer().name(), fault);
                dialogue.close(
                        new ProtocolException(ReplyCode.INTERNAL_ERROR, "internal error"), !found);
            }
        }
    }

    @Override
    public void handleFrame() {
        int channel = intake.found().channel();
        int type = intake.found().type();
        ByteBuffer in = intake.octets();
        int at = intake.found().payloadAt();
        int size = intake.found().payloadSize();
        if (channel == 0 || !(dialogue.state() instanceof ConnectionState.Open open)) {
            dialogue.handle(channel, type, in, at, size);
        } else if ((bringsContent(type, in, at) && isHeldBack(open))
                || (commits(type, in, at) && open.publishGate().holdsCommit())) {
            intake.again();
        } else {
            open.work().handle(channel, type, in, at, size);
        }
    }

    /** Whether the frame adds to what the store must take; bodies count, for they may be large. */
    private static boolean bringsContent(int type, ByteBuffer in, int at) {
        return type == Amqp091.FRAME_BODY
                || (type == Amqp091.FRAME_METHOD
                        && MethodReader.id(in, at) == MethodId.BASIC_PUBLISH);
    }

    private boolean isHeldBack(ConnectionState.Open open) {
        if (draining) {
            gate.close(ReadGate.Reason.STOPPING);
            return true;
        }
        return open.publishGate().holds();
    }

    /** Whether the frame sends all messages of a transaction on their way. */
    private static boolean commits(int type, ByteBuffer in, int at) {
        return type == Amqp091.FRAME_METHOD && MethodReader.id(in, at) == MethodId.TX_COMMIT;
    }

    /** The method that was refused. */
    private int methodId() {
        return dialogue.state() instanceof ConnectionState.Open open
                ? open.work().methodId(intake.found().channel())
                : MethodId.CONNECTION_OPEN;
    }

    // -- what the network asks

    @Override
    public void sweep(long nowNs, boolean heard, boolean spoke) {
        switch (dialogue.state()) {
            case ConnectionState.Open open -> beat(open.heartbeat(), nowNs, heard, spoke);
            case ConnectionState.Closed closed -> {
                if (nowNs - closed.deadlineNs() > 0) {
                    socket.closeNow();
                }
            }
            case ConnectionState.AwaitingStartOk _,
                    ConnectionState.AwaitingLogin _,
                    ConnectionState.AwaitingTuneOk _,
                    ConnectionState.AwaitingOpen _,
                    ConnectionState.Closing _,
                    ConnectionState.Parting _ ->
                    dialogue.endIfLate(nowNs);
        }
    }

    private void beat(Heartbeat heartbeat, long nowNs, boolean heard, boolean spoke) {
        switch (heartbeat.look(nowNs, heard, spoke)) {
            case NOTHING -> {}
            case SEND -> FrameWriter.heartbeat(output().begin(Amqp091.FRAME_OVERHEAD));
            case GIVE_UP -> dialogue.end("missed heartbeats from client");
        }
    }

    @Override
    public void alarmsChanged(boolean publishersBlocked) {
        if (dialogue.state() instanceof ConnectionState.Open open) {
            open.publishGate().alarmsChanged(publishersBlocked);
        }
    }

    /** Acknowledgements are still taken, publishes are not: nobody can wait for those any more. */
    @Override
    public void drain() {
        draining = true;
    }

    @Override
    public boolean owes() {
        return dialogue.state() instanceof ConnectionState.Open open
                && (gate.isClosedFor(ReadGate.Reason.AWAITING_ANSWER)
                        || open.work().owesConfirms());
    }

    @Override
    public void shutDown() {
        dialogue.shutDown();
    }

    // -- what a channel asks

    @Override
    public Session session() {
        if (dialogue.state() instanceof ConnectionState.Open open) {
            return open.work().session();
        }
        throw new IllegalStateException("no channel without an open connection");
    }

    @Override
    public OutputBuffer output() {
        return socket.output();
    }

    @Override
    public ByteBufAllocator allocator() {
        return socket.allocator();
    }

    @Override
    public ClientProperties client() {
        return dialogue.client();
    }

    @Override
    public int frameMax() {
        return dialogue.frameMax();
    }

    @Override
    public void awaitAnswer() {
        gate.close(ReadGate.Reason.AWAITING_ANSWER);
    }

    @Override
    public void answered() {
        gate.open(ReadGate.Reason.AWAITING_ANSWER);
    }

    @Override
    public boolean writable() {
        return socket.isWritable();
    }

    @Override
    public void fail(int channel, ProtocolException error) {
        dialogue.fail(channel, error);
    }

    @Override
    public void warn(int channel, String what) {
        dialogue.warn("channel " + channel + ": " + what);
    }
}
