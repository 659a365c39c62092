package io.chasqui.server.amqp10;

import io.chasqui.core.message.MessageStore;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.shard.Shard;
import io.chasqui.protocol.amqp10.FrameCursor;
import io.chasqui.protocol.amqp10.MalformedException;
import io.chasqui.protocol.amqp10.Performative;
import io.chasqui.server.net.FrameIntake;
import io.chasqui.server.net.LiveConnection;
import io.chasqui.server.net.OutputBuffer;
import io.chasqui.server.net.Peer;
import io.chasqui.server.net.PeerLog;
import io.chasqui.server.net.ReadGate;
import io.chasqui.server.net.ShardConnections;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: owns the octets of its socket, when they are read and when written. What
 * they mean is for the {@link Dialogue}.
 *
 * <p>Whatever goes wrong is caught in {@link #read()}. Everything happens on the event loop of the
 * connection's shard.
 */
final class Amqp10Connection extends ChannelInboundHandlerAdapter implements LiveConnection {

    private static final Logger LOG = LoggerFactory.getLogger(Amqp10Connection.class);

    /** A client that asks and does not listen is not read any more beyond this. */
    private static final long MAX_UNSENT_BYTES = 32L * 1024 * 1024;

    private final Channel socket;
    private final ShardConnections neighbours;
    private final Shard shard;
    private final MessageStore store;
    private final OutputBuffer output;
    private final FrameIntake<FrameCursor> intake;
    private final ReadGate gate = new ReadGate(this::gateOpened);
    private final Runnable uncongested = () -> gate.open(ReadGate.Reason.STORE_CONGESTED);
    private final Dialogue dialogue;
    private final String name;
    private final Runnable proceed = this::proceed;
    private boolean reading;
    private boolean received;

    /** What comes in are no frames any more. */
    private boolean garbled;

    private boolean inputEnded;
    private boolean draining;
    private long flushesSeen;

    Amqp10Connection(Channel socket, Amqp10Terms terms, ShardConnections neighbours) {
        this.socket = socket;
        this.neighbours = neighbours;
        this.shard = neighbours.shard();
        this.store = terms.broker().store();
        this.output = new OutputBuffer(socket, shard);
        FrameCursor.Expectation expected = new FrameCursor.Expectation();
        this.intake = new FrameIntake<>(socket.alloc(), () -> new FrameCursor(expected), () -> {});
        this.name = PeerLog.address(socket.remoteAddress());
        this.dialogue =
                new Dialogue(
                        terms, neighbours, output, intake, expected, gate, new Peer(name, socket));
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
        if (garbled || dialogue.state() instanceof ConnectionState.Closed) {
            octets.release();
        } else {
            intake.add(octets);
            read();
        }
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
                open.broker().resume();
            }
            gate.open(ReadGate.Reason.TOO_MUCH_UNSENT);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        output.socketClosed();
        inputEnded = true;
        gate.open(ReadGate.Reason.TOO_MUCH_UNSENT);
        // What came before the end still counts.
        read();
        if (gate.isOpen()) {
            leave();
        }
    }

    private void leave() {
        neighbours.remove(this);
        dialogue.end("client closed the socket without close");
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
        while (gate.isOpen() && !garbled && !(dialogue.state() instanceof ConnectionState.Closed)) {
            try {
                if (!intake.next()) {
                    break;
                }
                if (isHeldBack()) {
                    intake.again();
                } else {
                    dialogue.handle(intake.found(), intake.octets());
                }
            } catch (MalformedException e) {
                giveUp(Amqp10Error.connection(Amqp10Error.FRAMING_ERROR, e.text()));
                garbled = true;
                intake.clear();
            } catch (Amqp10Error error) {
                giveUp(error);
            } catch (Refusal refusal) {
                giveUp(Amqp10Error.of(Amqp10Error.Scope.CONNECTION, refusal));
            } catch (RuntimeException fault) {
                LOG.error("{}: failed", name, fault);
                giveUp(Amqp10Error.connection(Amqp10Error.INTERNAL_ERROR, "internal error"));
            }
        }
        reading = false;
    }

    private void giveUp(Amqp10Error error) {
        gate.open(ReadGate.Reason.AWAITING_ANSWER);
        dialogue.fail(error);
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
            case ConnectionState.Open open -> lookAfter(open.idle(), nowNs);
            case ConnectionState.Closed closed -> {
                if (nowNs - closed.deadlineNs() > 0) {
                    socket.close();
                }
            }
            case ConnectionState.AwaitingInit _,
                    ConnectionState.AwaitingLogin _,
                    ConnectionState.AwaitingOpen _,
                    ConnectionState.Closing _ ->
                    dialogue.endIfLate(nowNs);
        }
    }

    private void lookAfter(IdleTimes idle, long nowNs) {
        // A connection we do not read cannot be blamed for silence.
        boolean heard = received || !gate.isOpen();
        received = false;
        boolean spoke = output.flushes() != flushesSeen;
        flushesSeen = output.flushes();
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
        dialogue.alarmsChanged(publishersBlocked);
    }

    /** What comes from now on is left to the broker's successor. */
    @Override
    public void drain() {
        draining = true;
    }

    @Override
    public boolean owes() {
        return dialogue.state() instanceof ConnectionState.Open && dialogue.owesOutcomes();
    }

    @Override
    public void shutDown() {
        dialogue.shutDown();
    }
}
