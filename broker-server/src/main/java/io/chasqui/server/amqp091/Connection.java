package io.chasqui.server.amqp091;

import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.session.Session;
import io.chasqui.core.shard.Shard;
import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.FrameCursor;
import io.chasqui.protocol.amqp091.FrameWriter;
import io.chasqui.protocol.amqp091.MethodId;
import io.chasqui.protocol.amqp091.MethodReader;
import io.chasqui.protocol.amqp091.ProtocolException;
import io.chasqui.protocol.amqp091.ReplyCode;
import io.chasqui.server.net.FrameIntake;
import io.chasqui.server.net.LiveConnection;
import io.chasqui.server.net.OutputBuffer;
import io.chasqui.server.net.Peer;
import io.chasqui.server.net.PeerLog;
import io.chasqui.server.net.ReadGate;
import io.chasqui.server.net.ShardConnections;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: owns the octets of its socket, when they are read and when written.
 * Frames of open channels go to {@link OpenConnection}, all others to the {@link Dialogue}.
 *
 * <p>Whatever goes wrong, here or in a channel, is caught in {@link #read()}. Everything happens on
 * the event loop of the connection's shard.
 */
final class Connection extends ChannelInboundHandlerAdapter implements LiveConnection, Link {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /**
     * A client that asks and does not listen is not read any more beyond this. Far above the
     * socket's watermark, which stops deliveries, because a slow consumer's heartbeats must still
     * be seen.
     */
    private static final long MAX_UNSENT_BYTES = 32L * 1024 * 1024;

    private final Channel socket;
    private final ShardConnections neighbours;
    private final Shard shard;
    private final OutputBuffer output;
    private final FrameIntake<FrameCursor> intake;
    private final ReadGate gate = new ReadGate(this::gateOpened);
    private final Dialogue dialogue;
    private final String name;
    private final Runnable proceed = this::proceed;
    private boolean reading;
    private boolean received;
    private boolean inputEnded;
    private boolean draining;
    private long flushesSeen;

    Connection(Channel socket, Amqp091Protocol protocol, ShardConnections neighbours) {
        this.socket = socket;
        this.neighbours = neighbours;
        this.shard = neighbours.shard();
        this.output = new OutputBuffer(socket, shard);
        InPlaceContent inPlace = new InPlaceContent();
        this.intake = new FrameIntake<>(socket.alloc(), FrameCursor::new, inPlace::leave);
        this.name = PeerLog.address(socket.remoteAddress());
        this.dialogue =
                new Dialogue(
                        this,
                        protocol,
                        neighbours,
                        output,
                        intake,
                        gate,
                        inPlace,
                        new Peer(name, socket));
    }

    // -- the socket

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        neighbours.add(this);
        dialogue.begin();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf octets = (ByteBuf) message;
        received = true;
        neighbours.inputCame(octets.readableBytes());
        switch (dialogue.state()) {
            case ConnectionState.Closing closing when closing.garbled() -> {
                boolean answered = endsWithCloseOk(octets);
                octets.release();
                if (answered) {
                    dialogue.end("");
                }
            }
            case ConnectionState.Closed _ -> octets.release();
            case ConnectionState.AwaitingStartOk _,
                    ConnectionState.AwaitingLogin _,
                    ConnectionState.AwaitingTuneOk _,
                    ConnectionState.AwaitingOpen _,
                    ConnectionState.Open _,
                    ConnectionState.Closing _,
                    ConnectionState.Parting _ -> {
                intake.add(octets);
                read();
            }
        }
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
    public void channelReadComplete(ChannelHandlerContext context) {
        shard.endOfTick();
        if (socket.isActive()
                && !socket.isWritable()
                && socket.bytesBeforeWritable() > MAX_UNSENT_BYTES) {
            gate.close(ReadGate.Reason.TOO_MUCH_UNSENT);
        }
        if (!gate.isOpen()) {
            socket.config().setAutoRead(false);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (socket.isWritable()) {
            if (dialogue.state() instanceof ConnectionState.Open open) {
                open.work().session().resume();
            }
            gate.open(ReadGate.Reason.TOO_MUCH_UNSENT);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        output.socketClosed();
        inputEnded = true;
        gate.open(ReadGate.Reason.TOO_MUCH_UNSENT);
        // What came before the end still counts, unless an alarm holds it up for long.
        read();
        if (gate.isOpen() || gate.isClosedFor(ReadGate.Reason.PUBLISHERS_BLOCKED)) {
            leave();
        }
    }

    private void leave() {
        neighbours.remove(this);
        dialogue.socketEnded();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A socket that broke is closed like one that the client closed; so is TLS that broke.
        if (!(cause instanceof IOException || cause.getCause() instanceof IOException)) {
            LOG.error("{}: failed", name, cause);
            dialogue.end("internal error");
        }
        socket.close();
    }

    // -- reading

    /** Works through what was received, until it is used up or something must be waited for. */
    private void read() {
        reading = true;
        while (gate.isOpen() && !(dialogue.state() instanceof ConnectionState.Closed)) {
            boolean found = false;
            try {
                found = intake.next();
                if (!found) {
                    break;
                }
                handleFrame();
            } catch (ProtocolException error) {
                gate.open(ReadGate.Reason.AWAITING_ANSWER);
                if (found) {
                    dialogue.fail(intake.found().channel(), error);
                } else {
                    dialogue.close(error, true);
                }
            } catch (Refusal refusal) {
                gate.open(ReadGate.Reason.AWAITING_ANSWER);
                dialogue.fail(intake.found().channel(), Refusals.during(methodId(), refusal));
            } catch (RuntimeException fault) {
                LOG.error("{}: failed", name, fault);
                dialogue.close(
                        new ProtocolException(ReplyCode.INTERNAL_ERROR, "internal error"), !found);
            }
        }
        reading = false;
    }

    private void handleFrame() {
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

    private void gateOpened() {
        if (!reading) {
            // Not at once: whoever opens the gate is in the midst of something.
            socket.eventLoop().execute(proceed);
        }
    }

    private void proceed() {
        if (gate.isOpen()) {
            shard.beginTick();
            read();
            if (gate.isOpen()) {
                if (inputEnded) {
                    leave();
                } else {
                    socket.config().setAutoRead(true);
                }
            }
            shard.endOfTick();
        }
    }

    // -- what the network asks

    @Override
    public void sweep(long nowNs) {
        switch (dialogue.state()) {
            case ConnectionState.Open open -> beat(open.heartbeat(), nowNs);
            case ConnectionState.Closed closed -> {
                if (nowNs - closed.deadlineNs() > 0) {
                    socket.close();
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

    private void beat(Heartbeat heartbeat, long nowNs) {
        // A connection we do not read cannot be blamed for silence.
        boolean heard = received || !gate.isOpen();
        received = false;
        boolean spoke = output.flushes() != flushesSeen;
        flushesSeen = output.flushes();
        switch (heartbeat.look(nowNs, heard, spoke)) {
            case NOTHING -> {}
            case SEND -> FrameWriter.heartbeat(output.begin(Amqp091.FRAME_OVERHEAD));
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
        return output;
    }

    @Override
    public ByteBufAllocator allocator() {
        return socket.alloc();
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
