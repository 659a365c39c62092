package io.chasqui.server.net;

import io.chasqui.core.session.ClientReport;
import io.chasqui.core.shard.Shard;
import io.chasqui.protocol.FrameFinder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's socket: owns its octets, when they are read and when written. Frame by frame they go
 * to the {@link Conversation} of a protocol, whose failures are caught here and handed back to it.
 * Everything happens on the event loop of the connection's shard.
 *
 * @param <F> finds the frames of the protocol
 */
public final class ClientSocket<F extends FrameFinder> extends ChannelInboundHandlerAdapter
        implements LiveConnection {

    private static final Logger LOG = LoggerFactory.getLogger(ClientSocket.class);

    /**
     * A client that asks and does not listen is not read any more beyond this. Far above the
     * socket's watermark, which stops deliveries, because a slow consumer's heartbeats must still
     * be seen.
     */
    private static final long MAX_UNSENT_BYTES = 32L * 1024 * 1024;

    private final Channel socket;
    private final ShardConnections neighbours;
    private final Shard shard;
    private final Peer peer;
    private final OutputBuffer output;
    private final FrameIntake<F> intake;
    private final ReadGate gate = new ReadGate(this::gateOpened);
    private final Runnable proceed = this::proceed;
    private final Conversation conversation;
    private boolean reading;
    private boolean received;
    private boolean inputEnded;
    private long flushesSeen;

    /**
     * @param conversing begins the conversation, given the socket
     */
    public ClientSocket(
            Channel socket,
            ShardConnections neighbours,
            FrameIntake<F> intake,
            Function<ClientSocket<F>, Conversation> conversing) {
        this.socket = socket;
        this.neighbours = neighbours;
        this.shard = neighbours.shard();
        this.peer = new Peer(PeerLog.address(socket.remoteAddress()), socket);
        this.output = new OutputBuffer(socket, shard);
        this.intake = intake;
        this.conversation = conversing.apply(this);
    }

    // -- what the conversation needs

    public Peer peer() {
        return peer;
    }

    public OutputBuffer output() {
        return output;
    }

    public FrameIntake<F> intake() {
        return intake;
    }

    public ReadGate gate() {
        return gate;
    }

    public ShardConnections neighbours() {
        return neighbours;
    }

    public ByteBufAllocator allocator() {
        return socket.alloc();
    }

    /** Whether it takes more without piling it up. Any thread. */
    public boolean isWritable() {
        return socket.isWritable();
    }

    /**
     * What there is to tell of the client in events, by RabbitMQ's names.
     *
     * @param product what the client calls itself
     * @param frameMax octets of the largest frame agreed on
     */
    public Map<String, @Nullable Object> facts(String product, int frameMax) {
        Map<String, @Nullable Object> facts = peer.facts();
        facts.put("frame_max", frameMax);
        facts.put("client_properties", Map.of("product", product));
        facts.put("connected_at", neighbours.clock().wallMs());
        return facts;
    }

    /** What has gone over it so far. */
    public ClientReport.Traffic traffic() {
        return new ClientReport.Traffic(
                intake.receivedBytes(),
                intake.reads(),
                output.sentBytes(),
                output.flushes(),
                output.unsentBytes());
    }

    /** Closes it at once, whatever is on its way. */
    public void closeNow() {
        socket.close();
    }

    // -- the socket

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        neighbours.add(this);
        conversation.begin();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf octets = (ByteBuf) message;
        received = true;
        neighbours.inputCame(octets.readableBytes());
        if (conversation.isOver() || conversation.ignores(octets)) {
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
            conversation.takesMore();
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
        conversation.socketEnded();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A socket that broke is closed like one that the client closed; so is TLS that broke.
        if (!(cause instanceof IOException || cause.getCause() instanceof IOException)) {
            LOG.error("{}: failed", peer.name(), cause);
            conversation.broken();
        }
        socket.close();
    }

    // -- reading

    /** Works through what was received, until it is used up or something must be waited for. */
    private void read() {
        reading = true;
        while (gate.isOpen() && !conversation.isOver()) {
            boolean found = false;
            try {
                found = intake.next();
                if (!found) {
                    break;
                }
                conversation.handleFrame();
            } catch (RuntimeException fault) {
                conversation.failed(fault, found);
            }
        }
        reading = false;
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
        // A connection we do not read cannot be blamed for silence.
        boolean heard = received || !gate.isOpen();
        received = false;
        boolean spoke = output.flushes() != flushesSeen;
        flushesSeen = output.flushes();
        conversation.sweep(nowNs, heard, spoke);
    }

    @Override
    public void alarmsChanged(boolean publishersBlocked) {
        conversation.alarmsChanged(publishersBlocked);
    }

    @Override
    public void drain() {
        conversation.drain();
    }

    @Override
    public boolean owes() {
        return conversation.owes();
    }

    @Override
    public void shutDown() {
        conversation.shutDown();
    }
}
